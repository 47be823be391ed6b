"""Measurements of the portal, run by hand: `make help` lists them."""
