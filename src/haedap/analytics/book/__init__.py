"""운영 연감: a year of the centre as a book, made of tallies and of nothing else. Pure.

* `model`: the book as a tree of sections, tables, charts and sentences, in which every number knows what it is of.
* `material`: what a book is made of; `asking`: how it is asked of an archive, in few statements.
* `chapters`: a function a chapter, from the material to a section.
* `proposals`: what the figures suggest should be done, and what became of last year's.
* `edits`: what people wrote over the generated text, and whether it still fits.

Its sentences are Korean here, for the book itself is: it is printed in one language, whatever the screens speak.
"""
