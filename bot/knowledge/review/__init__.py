"""The life of a document: submitted, under review, approved, retired; recorded in its own front matter."""
