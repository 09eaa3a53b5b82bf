"""What pages count of people: added up from their units, for whoever looks.

Of few people it is counted when the page is shown. Of very many it is kept (``store``), up to date by the notes that
triggers make of each change (``watching``). Both are the same functions, one module for each kind:

``staff``    how many people there are, and what they completed in each month
``rounds``   how far they are in one course
``answers``  what they answered in one course
``plays``    what they played in one scenario
"""
