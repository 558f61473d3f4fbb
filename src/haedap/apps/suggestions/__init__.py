"""추천: what a note is probably about, where it probably goes, and how others like it ended."""
