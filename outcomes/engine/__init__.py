"""The text engine: what people said, split, themed and grouped. Plain Python, no Django."""

VERSION = "1.2"
