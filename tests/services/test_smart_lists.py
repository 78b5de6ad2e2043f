import pytest

from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.smart_lists import (
    drop_list,
    get_list,
    keep_list,
    rename_list,
    smart_lists,
)


def test_a_list_is_kept_written_over_and_forgotten(desk: Desk) -> None:
    kept = keep_list(desk, " To  read ", "status:unread  stars:>=4")
    assert (kept.name, kept.query) == ("To read", "status:unread stars:>=4")
    assert get_list(desk, "TO READ") == kept
    keep_list(desk, "to read", "is:due")
    keep_list(desk, "another", "attention")
    assert [(item.name, item.query) for item in smart_lists(desk)] == [
        ("another", "attention"),
        ("To read", "is:due"),
    ]
    assert drop_list(desk, "to read").query == "is:due"
    with pytest.raises(NotOnDeskError):
        get_list(desk, "To read")
    with pytest.raises(NotOnDeskError):
        drop_list(desk, "To read")


@pytest.mark.parametrize(
    ("name", "query"),
    [("", "x"), ('a"b', "x"), ("n" * 61, "x"), ("name", ""), ("name", "year:20"), ("name", "++")],
)
def test_what_cannot_be_kept_is_refused(desk: Desk, name: str, query: str) -> None:
    with pytest.raises(UsageProblemError):
        keep_list(desk, name, query)
    assert smart_lists(desk) == []


def test_a_list_is_renamed_where_others_name_it_and_never_names_itself(desk: Desk) -> None:
    keep_list(desk, "old ones", "year:..2016")
    keep_list(desk, "nested", 'list:"Old ones" cat:cs')
    for name, query in (("loop", "list:LOOP"), ("old ones", "list:nested"), ("x", "list:none")):
        with pytest.raises(UsageProblemError):
            keep_list(desk, name, query)
    with pytest.raises(UsageProblemError, match="already"):
        rename_list(desk, "nested", "Old Ones")
    assert rename_list(desk, "OLD ones", "early").query == "year:..2016"
    assert [(item.name, item.query) for item in smart_lists(desk)] == [
        ("early", "year:..2016"),
        ("nested", "list:early cat:cs"),
    ]
