"""Records: what is stored. Only services may import this room."""
