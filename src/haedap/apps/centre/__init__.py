"""What a centre configures: queues, skills, numbers, hours, flows, prompts."""
