"""운영 연감: makes the book of a year, keeps what people write into it, and hands it out as page, PDF and HWPX."""
