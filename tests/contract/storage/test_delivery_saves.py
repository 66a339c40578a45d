from __future__ import annotations

import statistics
import time
from dataclasses import replace

from desktop.domain.deliveries import DeliveryState, TimelineEntry
from desktop.services.unit_of_work import Storage
from tests.support.stored_things import NOW, a_delivery, a_post, an_account, put

SAVES = 200


def test_many_transactions_in_a_row_are_all_kept(storage: Storage) -> None:
    """Prints what one step of the publisher costs (``pytest -rP``)."""
    account, post = an_account(), a_post("x" * 300)
    delivery = a_delivery(post, account)
    put(storage, account, post, delivery)
    seconds = []
    for number in range(SAVES):
        began = time.perf_counter()
        with storage.write() as unit:
            found = unit.deliveries.get(delivery.id)
            entry = TimelineEntry(NOW, found.state, DeliveryState.PREPARING, str(number))
            unit.deliveries.save(replace(found, tries=number).with_part(polls=number), entries=[entry])
            unit.commit()
        seconds.append(time.perf_counter() - began)
    print(
        f"{type(storage).__name__}: read, save, log and commit in {statistics.median(seconds) * 1000:.2f} ms (median)"
    )
    with storage.read() as unit:
        assert unit.deliveries.get(delivery.id).version == SAVES
        assert len(unit.deliveries.timeline(delivery.id)) == SAVES + 1
