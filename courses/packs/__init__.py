"""Content packs: folders of YAML and Markdown, in and out. ``fixtures/README.md`` describes them field by field.

In: ``folder`` finds the files, ``reading`` turns them into a Pack, ``references`` looks at the names that they use,
``importing`` writes it all in one transaction, with ``content`` for courses. Out: ``composing`` makes documents of
rows, ``exporting`` writes them to a folder.
"""
