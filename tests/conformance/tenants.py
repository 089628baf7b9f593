"""Starts the demo, runs every check of scim2-tester against both tenants, prints each result.

Anything but SUCCESS fails, a check that was skipped included: the demo has what each check needs.
"""

import re
import secrets
import subprocess
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

TENANTS = {"demo", "demo-broker"}

# What each tenant must have been asked at least; a run that stops early is no success.
EXPECTED = {
    None: {
        "service_provider_config_endpoint",
        "service_provider_config_endpoint_methods",
        "query_all_resource_types",
        "query_resource_type_by_id",
        "resource_types_schema_validation",
        "access_invalid_resource_type",
        "resource_types_endpoint_methods",
        "query_all_schemas",
        "access_schema_by_id",
        "access_invalid_schema",
        "schemas_endpoint_methods",
        "random_url",
    },
}
for resource_type in ("User", "Group"):
    EXPECTED[resource_type] = {
        "object_creation",
        "object_query",
        "object_query_without_id",
        "object_query_with_attributes",
        "object_list_with_attributes",
        "search_with_attributes",
        "object_replacement",
        "object_deletion",
        "check_add_attribute",
        "check_remove_attribute",
        "check_replace_attribute",
    }


def main(binary):
    token = secrets.token_hex(24)
    demo = subprocess.Popen(
        [binary, "demo", "--no-cycle", "--listen", "127.0.0.1:0", "--token", token],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        bases = addresses(demo.stdout)
        faults = [fault for name in sorted(bases) for fault in check(name, bases[name], token)]
    finally:
        demo.terminate()
        demo.wait(timeout=30)
    for fault in faults:
        print(f"FAILED  {fault}")
    return 1 if faults else 0


def addresses(lines):
    """The SCIM base address of each tenant, as the demo prints them."""
    found = {}
    for line in lines:
        if base := re.search(r"http://\S+/scim/([\w-]+)/v2", line):
            found[base[1]] = base[0]
        if found.keys() == TENANTS:
            return found
    sys.exit("the demo ended before it said where its tenants are")


def check(tenant, base, token):
    """Runs all checks against one tenant. Returns what is wrong."""
    client = Client(base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=60)
    faults, done = [], {kind: set() for kind in EXPECTED}
    for result in check_server(SyncSCIMClient(client)):
        subject = f"{tenant} {result.resource_type or '-'} {result.title}"
        told = " ".join((result.reason or "").split())
        print(f"{result.status.name:8}{subject}: {told}")
        done.setdefault(result.resource_type, set()).add(result.title)
        if result.status is not Status.SUCCESS:
            faults.append(f"{subject}: {told}\n        {result.data!r}")
    for kind, expected in EXPECTED.items():
        for title in sorted(expected - done[kind]):
            faults.append(f"{tenant} {kind or '-'} {title}: was never tried")
    return faults


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
