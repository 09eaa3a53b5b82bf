import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.scenarios.test_admin import *
def test_q(browser, scenario):
    for thing in (scenario, scene_of(scenario,"calmer")):
        with CaptureQueriesContext(connection) as c: browser.get(page(thing))
        print("=====", len(c))
        for q in c.captured_queries:
            s=q["sql"]; import re
            i=s.find(" FROM "); print(s[:40], "...", s[i:i+170])
