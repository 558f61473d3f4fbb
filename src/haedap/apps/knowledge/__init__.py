"""The centre's knowledge (상담 지식): articles, who approves them, how they are used, and what is missing."""
