"""What supervisors see: page-shaped reads, each with a stated number of queries, whatever the data's size.

``people`` who has done what; ``course`` one course; ``person`` one person; ``scenario`` what a team chose in it.
Each begins at ``visible_to``, and gives a screen and its download the same rows.
"""
