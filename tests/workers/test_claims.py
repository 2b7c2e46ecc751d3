"""Codes work once, for one person, and say nothing to who guesses."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests import factories
from workers import claims, people
from workers.models import ClaimCode, Link, User, Worker

pytestmark = pytest.mark.django_db

AT = factories.AT


@pytest.fixture
def account():
    return factories.engagement(factories.vendor())


def test_a_code_links_the_account_to_the_person(account):
    user = factories.user()

    claims.claim(user=user, code=claims.make_code(engagement=account, at=AT), at=AT)

    link = Link.objects.get()
    assert (link.engagement, link.worker.user, link.began_at) == (account, user, AT)


def test_a_person_claims_several_accounts_and_stays_one_person(account):
    user = factories.user()
    other = factories.engagement(factories.vendor("Birch Imaging"))

    for one in (account, other):
        claims.claim(user=user, code=claims.make_code(engagement=one, at=AT), at=AT)

    assert Worker.objects.get().links.count() == 2


def test_only_a_hash_of_the_code_is_kept(account):
    code = claims.make_code(engagement=account, at=AT)

    kept = ClaimCode.objects.get().code_sha256
    assert len(code.replace("-", "")) == 10
    assert set(code) <= set(claims.ALPHABET) | {"-"}
    assert len(kept) == 64
    assert code not in kept


@pytest.mark.parametrize("typed", [str.lower, lambda code: f" {code.replace('-', ' ')} "])
def test_a_code_may_be_typed_in_small_letters_and_with_blanks(account, typed):
    code = claims.make_code(engagement=account, at=AT)

    assert claims.claim(user=factories.user(), code=typed(code), at=AT) == account


def refusals(account):
    """Return a code that does not work, by why."""
    used = claims.make_code(engagement=account, at=AT)
    claims.claim(user=factories.user(), code=used, at=AT)
    free = factories.engagement(account.vendor)
    return {
        "unknown": "AAAAA-AAAAA",
        "empty": "",
        "used": used,
        "expired": claims.make_code(engagement=free, at=AT - timedelta(days=31)),
        "of somebody else's account": claims.make_code(engagement=account, at=AT),
    }


def test_all_codes_that_do_not_work_get_the_same_answer(account):
    said = {}
    for why, code in refusals(account).items():
        with pytest.raises(claims.CodeRefused) as refused:
            claims.claim(user=factories.user(), code=code, at=AT)
        said[why] = str(refused.value)

    assert len(said) == 5
    assert len(set(said.values())) == 1
    assert Link.objects.count() == 1


def test_a_code_lasts_to_the_end_of_its_time(account):
    code = claims.make_code(engagement=account, at=AT)
    almost = AT + claims.LIFETIME - timedelta(seconds=1)

    assert claims.claim(user=factories.user(), code=code, at=almost) == account


def test_a_code_that_was_refused_for_another_persons_account_still_works_for_its_own(account):
    owner = factories.user()
    claims.claim(user=owner, code=claims.make_code(engagement=account, at=AT), at=AT)
    second = claims.make_code(engagement=account, at=AT)

    with pytest.raises(claims.CodeRefused):
        claims.claim(user=factories.user(), code=second, at=AT)

    assert claims.claim(user=owner, code=second, at=AT) == account
    assert Link.objects.count() == 1


def test_codes_outlive_a_change_of_the_secret_key(account, settings):
    code = claims.make_code(engagement=account, at=AT)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one, as long as it should be, for the next years to come"

    assert claims.claim(user=factories.user(), code=code, at=AT) == account


def test_an_account_that_was_taken_back_can_be_claimed_anew(account):
    first, second = factories.user(), factories.user()
    claims.claim(user=first, code=claims.make_code(engagement=account, at=AT), at=AT)
    claims.take_back(link=Link.objects.get(), at=AT)

    claims.claim(user=second, code=claims.make_code(engagement=account, at=AT), at=AT)

    assert Link.objects.get(ended_at=None).worker.user == second
    assert Link.objects.count() == 2


def test_signing_up_needs_a_name_a_password_and_a_code_and_nothing_else(account):
    code = claims.make_code(engagement=account, at=AT)

    user = claims.sign_up(pseudonym="heron", password=factories.PASSWORD, code=code, at=AT)

    assert (user.username, user.email) == ("heron", "")
    assert user.check_password(factories.PASSWORD)
    assert user.worker.links.get().engagement == account


def test_who_has_no_code_does_not_learn_which_names_are_taken(account):
    factories.user("heron")
    code = claims.make_code(engagement=account, at=AT)

    with pytest.raises(claims.CodeRefused):
        claims.sign_up(pseudonym="Heron", password=factories.PASSWORD, code="WRONG", at=AT)
    with pytest.raises(people.NameTaken):
        claims.sign_up(pseudonym="Heron", password=factories.PASSWORD, code=code, at=AT)

    user = claims.sign_up(pseudonym="egret", password=factories.PASSWORD, code=code, at=AT)
    assert user.worker.links.count() == 1


def test_a_sign_up_that_is_refused_leaves_no_user(account):
    with pytest.raises(claims.CodeRefused):
        claims.sign_up(pseudonym="heron", password=factories.PASSWORD, code="WRONG", at=AT)

    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("codes", [1, 2], ids=["one code", "two codes for one account"])
def test_of_many_who_claim_at_the_same_moment_one_succeeds(codes):
    account = factories.engagement(factories.vendor())
    made = [claims.make_code(engagement=account, at=AT) for _ in range(codes)]
    users = [factories.user() for _ in range(6)]
    start, ended = threading.Barrier(len(users)), []

    def try_it(user, code):
        start.wait()
        try:
            claims.claim(user=user, code=code, at=AT)
            ended.append("in")
        except claims.CodeRefused:
            ended.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=try_it, args=(user, made[number % codes]))
        for number, user in enumerate(users)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["in"] + ["refused"] * 5
    assert Link.objects.count() == 1
