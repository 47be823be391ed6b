from tests.browser.test_html_validity import Visitor
from tests.browser.conftest import production
import re
def test_x(production):
    v=Visitor(production,"en-GB"); v.walk(); n=len(v.pages); pages=v.again("/s/parents/check/")
    print(n,len(pages))
    for k,t in pages.items():
        if "/s/parents/" in k: print(k, re.findall(r"<title>(.*?)</title>",t,re.S)[0].strip()[:60])
    k,t=[x for x in pages.items() if "check" in x[0]][-1]
    open("/tmp/closer/check.html","w").write(t)
    assert 0
