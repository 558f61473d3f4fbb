"""민원 레이더: sees what many citizens call about at once, while they call; a supervisor answers it in one step."""
