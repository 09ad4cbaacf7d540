"""What files hold as plain text: encodings, markup, TeX."""
