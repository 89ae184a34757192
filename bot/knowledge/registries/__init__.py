"""What Crossref and PubMed say became of a publication. Asked by curators only, never for an answer."""
