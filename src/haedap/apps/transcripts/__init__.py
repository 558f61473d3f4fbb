"""What was said in the calls as a machine heard it, masked; and summaries that a machine offers.

Both are off by default.
"""
