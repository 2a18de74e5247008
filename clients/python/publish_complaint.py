#!/usr/bin/python3
"""Publishes one complaint to Kehu and prints the answer: what a shop, a mailbox or a hotline does.

    bin/kehuctl keys new web --publish web --types 'kehu.complaints.v1.*'  # once: its key
    clients/python/publish_complaint.py var/keys/secret/web.secret         # KEYFILE [URL]
    bin/kehuctl complaint show web:T-…                       # the case, by the name it printed

Without a URL it asks the complaints of this machine, whose ports begin at KEHU_BASE_PORT (7400).
It reads the contract and asks as publish_order.py does; what it needs stands there.
"""
import json
import os
import sys
import uuid
from pathlib import Path

from publish_order import ask, read_contract


def make_batch(contract, source):
    """A batch of one event. Its (source, id) says which it is; `external_ref` names the case."""
    number = f"T-{uuid.uuid4().hex[:12]}"
    submitted = contract["kehu.complaints.v1.ComplaintSubmitted"](complaint={
        "kind": "CASE_KIND_COMPLAINT", "channel": "CHANNEL_ONLINE",
        "content": "九月到货的两箱普洱有霉味,要求退货", "external_ref": f"{source}:{number}"})
    complaint = submitted.complaint
    complaint.submitted_at.GetCurrentTime()  # older than 7 days: history, which arms no deadline
    # Who: a reference of any system, a number KH…, a telephone number, or anonymous = True. A
    # reference that nobody knows yet is kept, and the case linked when that customer appears.
    complaint.complainant.customer_ref = "shop:C-1001"
    complaint.complainant.reply_to = "wechat"
    complaint.links.product, complaint.links.batch, complaint.issue = "TEA-01", "2026-08", "异味"
    event = contract["io.cloudevents.v1.CloudEvent"](
        id=number, source=source, spec_version="1.0", type=submitted.DESCRIPTOR.full_name)
    event.attributes["time"].ce_timestamp.CopyFrom(complaint.submitted_at)
    event.proto_data.Pack(submitted)
    return contract["kehu.bus.v1.Publish"](events=[event]), complaint.external_ref


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    key, contract = json.loads(Path(sys.argv[1]).read_text()), read_contract()
    url = f"tcp://127.0.0.1:{int(os.environ.get('KEHU_BASE_PORT') or 7400) + 20}"
    url = sys.argv[2] if len(sys.argv) == 3 else url
    batch, case = make_batch(contract, source=key["name"])
    status, reply = ask(contract, key, url, batch)
    print(status, reply.message, *reply.violations)
    published = contract["kehu.bus.v1.Published"].FromString(reply.payload)
    print(published)  # one outcome per event; what is rejected says which field and why
    if status != "OK" or published.rejected:
        sys.exit(1)
    print(f"the case: {case}")
