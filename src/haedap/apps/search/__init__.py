"""찾기: what agents look for while the citizen talks, and what they did not find."""
