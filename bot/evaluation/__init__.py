"""What the record of answers tells the curators: gaps, and how the library is used."""
