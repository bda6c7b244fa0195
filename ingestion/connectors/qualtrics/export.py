"""The response export: start a job, wait until it is complete, download its ZIP, read it."""

import json
import time
import zipfile
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any

from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.typing import Hooks

from ingestion.connectors.qualtrics.envelope import refuse_errors
from ingestion.errors import VendorFault

HOOKS: Hooks = {"response": refuse_errors}
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 10.0
ROWS_PER_PAGE = 2_000
CHUNK_BYTES = 1 << 20


def export(
    client: RESTClient, survey_id: str, since: str, until: str, patience_minutes: float
) -> Iterator[list[Any]]:
    """Yield pages of the responses that were recorded from `since` until `until`.

    Raises `VendorFault` when the job fails or is not complete after `patience_minutes`.
    """
    jobs = f"surveys/{survey_id}/export-responses"
    window = {"format": "ndjson", "startDate": since, "endDate": until, "timeZone": "UTC"}
    started = client.post(jobs, json=window, hooks=HOOKS).json()["result"]
    file_id = _wait(client, f"{jobs}/{started['progressId']}", survey_id, patience_minutes)
    with TemporaryFile() as archive:
        _download(client, f"{jobs}/{file_id}/file", archive)
        yield from _read(archive, survey_id)


def _wait(client: RESTClient, job: str, survey_id: str, patience_minutes: float) -> str:
    deadline = time.monotonic() + 60 * patience_minutes
    pause = FIRST_PAUSE_SECONDS
    while True:
        progress = client.get(job, hooks=HOOKS).json()["result"]
        # Only the status counts: 100 per cent is reached before there is a file.
        if progress["status"] == "complete":
            return str(progress["fileId"])
        if progress["status"] == "failed":
            what = f"failed to export the responses of {survey_id}"
            raise VendorFault("qualtrics", what, "look at the survey in Qualtrics")
        if time.monotonic() > deadline:
            what = f"did not finish the export of {survey_id} in {patience_minutes:g} minutes"
            raise VendorFault("qualtrics", what, "set SOURCES__QUALTRICS__EXPORT_MINUTES higher")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def _download(client: RESTClient, path: str, archive: IO[bytes]) -> None:
    with client.get(path, hooks=HOOKS, stream=True) as answer:
        for chunk in answer.iter_content(CHUNK_BYTES):
            archive.write(chunk)
    archive.seek(0)


def _read(archive: IO[bytes], survey_id: str) -> Iterator[list[Any]]:
    try:
        with zipfile.ZipFile(archive) as files, files.open(files.namelist()[0]) as lines:
            page: list[Any] = []
            for line in lines:
                # The vendor's files hold blank lines and empty objects between responses.
                if record := _parse(line):
                    page.append(record)
                if len(page) == ROWS_PER_PAGE:
                    yield page
                    page = []
            if page:
                yield page
    except (zipfile.BadZipFile, IndexError) as broken:
        what = f"sent a broken file of responses for {survey_id}"
        raise VendorFault("qualtrics", what, "try again later") from broken


def _parse(line: bytes) -> Any:
    text = line.strip()
    try:
        return json.loads(text) if text else None
    except ValueError:
        return "a line that is not JSON"
