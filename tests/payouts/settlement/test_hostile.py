"""Files that attack their reader are refused quickly, and say what they broke."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.importers.reading import UnreadableFile
from payouts.settlement import formats
from tests.payouts.settlement import reports
from tests.payouts.settlement.reports import Line

GOOD = reports.camt(Line("PAY-1"))
HEAD, BODY = GOOD.split(b"\n", 1)
LAUGHS = b'<!DOCTYPE lolz [<!ENTITY lol "lol">' + b"".join(
    f'<!ENTITY lol{n} "{f"&lol{n - 1 or str()};" * 10}">'.encode() for n in range(1, 10)
)
MOST_S = 3  # of the processor


def told(prefix: bytes, body: bytes = BODY) -> bytes:
    return HEAD + b"\n" + prefix + b"\n" + body


HOSTILE = [
    pytest.param(
        told(LAUGHS + b"]>", BODY.replace(b"PAY-1", b"&lol9;")),
        "a document type",
        id="a billion laughs",
    ),
    pytest.param(
        told(
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
            BODY.replace(b"PAY-1", b"&e;"),
        ),
        "a document type",
        id="a file of the server",
    ),
    pytest.param(
        told(b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">'), "a document type", id="a DTD"
    ),
    pytest.param(
        told(b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'),
        "a document type",
        id="a parameter entity",
    ),
    pytest.param(
        BODY.split(b">", 1)[0] + b">" + b"<a>" * 200_000, "more than 64", id="nested without end"
    ),
    pytest.param(
        BODY.replace(b'Ccy="USD"', b'Ccy="' + b"U" * 5_000_000 + b'"', 1),
        "an attribute of more than",
        id="a huge attribute",
    ),
    pytest.param(GOOD[:-40], "line", id="cut off"),
    pytest.param(
        GOOD.replace(b'encoding="UTF-8"', b'encoding="x-unheard-of"'), "encoding", id="encoding"
    ),
    pytest.param(GOOD.replace(b"PAY-1", b"&undeclared;"), "line", id="an entity of nobody's"),
    pytest.param(GOOD.replace(b"001.08", b"001.99"), "the namespace", id="a version unheard of"),
    pytest.param(b"<?xml version='1.0'?><a>camt.053.001.08</a>", "the namespace", id="not camt"),
    pytest.param(
        b"<OFX><!DOCTYPE x [<!ENTITY e 'x'>]></OFX>", "a document type", id="a DTD in OFX"
    ),
    pytest.param(b"<OFX>" + b"<A><![CDATA[" * 50_000, "no statement", id="CDATA without end"),
    pytest.param(b"\x00" * 1000, "a file is one of", id="nothing but NUL"),
    pytest.param(b"", "an empty file", id="empty"),
    pytest.param(b"\xff\xfe<\x00O\x00F\x00X\x00", "a file is one of", id="not for any reader"),
]


@pytest.mark.parametrize(("content", "value"), HOSTILE)
def test_an_attack_is_refused_with_its_reason(content, value):
    began = time.process_time()
    with pytest.raises(UnreadableFile) as refused:
        formats.read(content)

    assert value in str(refused.value)
    assert refused.value.rule
    assert refused.value.mend
    assert time.process_time() - began < MOST_S


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr(formats, "MAX_BYTES", 1000)

    with pytest.raises(UnreadableFile, match="at most 16 MB"):
        formats.read(GOOD)


def test_a_long_field_costs_no_more_than_its_length():
    began = time.process_time()
    report = formats.read(
        b":20:X\n:60F:C100318EUR1,00\n:61:1003180318C1,00NMSC\n:86:166" + b"?20x" * 200_000
    )

    assert len(report.entries) == 1
    assert len(report.entries[0].text) <= 500
    assert time.process_time() - began < MOST_S


def test_a_name_that_is_markup_is_only_text():
    (entry,) = formats.read(reports.camt(Line("PAY-1", name="<b>\u202eeman</b>"))).entries

    assert entry.name == "<b>eman</b>"


SAMPLES = [
    GOOD,
    reports.pain002(Line("PAY-1", status="rejected")),
    reports.csv(Line("PAY-1")),
    b":20:A\n:25:1/2\n:60F:C100318EUR1,00\n:61:1003180318C1,00NMSCA//B\n:86:166?20EREF+X\n"
    b":62F:C100318EUR2,00\n-\n",
    b"<OFX><STMTRS><CURDEF>USD<STMTTRN><TRNAMT>-1.00<DTPOSTED>20100101<FITID>1</STMTTRN></STMTRS>",
]


@given(st.sampled_from(SAMPLES), st.data())
def test_whatever_is_changed_in_a_file_it_is_read_or_refused(content, data):
    """Never a crash: bytes cut, doubled or replaced anywhere."""
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        until = data.draw(st.integers(at, min(len(content), at + 12)))
        content = content[:at] + data.draw(st.binary(max_size=6)) + content[until:]
    try:
        report = formats.read(content)
    except UnreadableFile:
        return
    for entry in report.entries:
        assert entry.amount_micros is None or entry.amount_micros >= 0
    for problem in report.all_problems:
        assert problem.place
        assert problem.rule
