"""The web applications: each folder is a part of the product that people use in a browser."""
