"""만족도 조사: what citizens said of their contact when they were asked. Figures only, no free text."""
