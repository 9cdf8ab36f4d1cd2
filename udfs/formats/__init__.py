"""Records and files in the formats of RedPajama and of trainers."""
