"""`haedap speech`: writes down what is said in the calls. It stands beside both stacks, and no call knows of it.

Root of its errors: `haedap.language.speech.SpeechError`.
"""
