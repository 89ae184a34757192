"""Language models by name, and what their providers do wrong, said in our own words."""
