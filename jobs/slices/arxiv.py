"""arXiv: the LaTeX source of its papers, without preamble, comments and references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobs.slices.outcome_batches import Document, Dropped, Outcome, Quarantined
from jobs.slices.raw import eprints
from jobs.slices.raw.record import Place, RawRecord
from jobs.slices.slice import Slice
from jobs.slices.traits import Llama, Traits
from jobs.sources.arxiv import plan
from jobs.sources.arxiv_ids import is_id, iso_month
from jobs.sources.eprint import TEX, TEX_SUFFIXES, is_support
from jobs.sources.eprint_rows import Eprint, read_eprints
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.errors import one_line
from schemas.settings.ingest import ArxivConfig
from udfs.extract.errors import ExtractionError
from udfs.extract.latex import Paper, TexFile, extract
from udfs.extract.time_limit import Limited
from udfs.formats import redpajama_v1
from udfs.models.languages import lowered

NOT_SOURCES = "not TeX sources"
_DOMAIN = "arxiv.org"
_SUFFIXES = (*TEX_SUFFIXES, ".gz", ".tgz", ".tar")


class Arxiv(Slice[ArxivConfig]):
    """One task per tar; an e-print with TeX is a paper."""

    config = ArxivConfig
    traits = Traits(language_line=lowered, llama=Llama(2.5, 1.06), v1_meta=redpajama_v1.arxiv)

    def chosen(
        self, objects: Sequence[ObjectInfo], config: ArxivConfig
    ) -> tuple[list[ObjectInfo], dict[str, list[str]]]:
        """Return the tars, e-prints and TeX files, without figures and other files."""
        sources = [info for info in objects if _is_source(info.uri)]
        papers = {_folder(info.uri) for info in sources if info.uri.lower().endswith(TEX_SUFFIXES)}
        papers = {folder for folder in papers if is_id(folder.rpartition("/")[2])}
        left_out = []
        for info in objects:
            if not _is_source(info.uri):
                if is_support(info.uri) and _folder(info.uri) in papers:
                    sources.append(info)
                else:
                    left_out.append(info.uri)
        return sources, {NOT_SOURCES: left_out} if left_out else {}

    def splits(self, objects: Sequence[ObjectInfo], config: ArxivConfig) -> list[Split]:
        """Return one split per object; small objects share one, and so do a paper's TeX files."""
        return plan(objects)

    def outcomes(self, byte_range: ByteRange, config: ArxivConfig) -> Iterator[Outcome]:
        """Yield the outcome of each e-print of a byte range."""
        for eprint in read_eprints(byte_range, config.max_record_bytes):
            yield outcome(eprint, config)

    def raw_record(self, place: Place) -> RawRecord:
        """Return the e-print: a member of a tar, a file of its own, or the TeX files of a folder."""
        return eprints.read(place)


def outcome(eprint: Eprint, config: ArxivConfig) -> Outcome:
    """Return the outcome of an e-print.

    Dropped are e-prints without TeX (`pdf`, `postscript`, `html`, `dvi`, `other`), `withdrawn` papers,
    papers without a section, where text and preamble cannot be told apart (`no-section`), and `empty`
    ones.
    """
    if eprint.error:
        message = eprint.message or ""
        return Quarantined(eprint.uri, eprint.offset, "extract", eprint.error, message)
    if eprint.kind != TEX:
        return Dropped(eprint.uri, eprint.kind or "other")
    try:
        with Limited():
            files = [TexFile(*file) for file in eprint.tex or []]
            paper = extract(files, behind_references=config.behind_references == "keep")
    except ExtractionError as error:
        message = f"{eprint.arxiv_id}: {error.message}"
        return Quarantined(eprint.uri, eprint.offset, "extract", error.error, message)
    except Exception as error:  # noqa: BLE001 - an error in one paper must not lose the others of its tar
        message = f"{eprint.arxiv_id}: {type(error).__name__}: {error}"
        return Quarantined(
            eprint.uri, eprint.offset, "extract", "extraction-failed", one_line(message)
        )
    if not paper.has_header and (config.require_section or not paper.text.strip()):
        return Dropped(eprint.uri, "no-section")
    if not paper.text.strip():
        return Dropped(eprint.uri, "empty")
    name = eprint.arxiv_id or ""
    return Document(
        id=f"arxiv/{name}",
        text=paper.text,
        uri=eprint.uri,
        offset=eprint.offset,
        url=f"https://{_DOMAIN}/abs/{name}" if is_id(name) else None,
        title=paper.title,
        date=eprint.timestamp or (iso_month(eprint.yymm) if eprint.yymm else None),
        metadata=_metadata(eprint, paper),
        source_domain=_DOMAIN if is_id(name) else None,
    )


def _metadata(eprint: Eprint, paper: Paper) -> dict[str, str]:
    fields = {
        "arxiv_id": eprint.arxiv_id,
        "yymm": eprint.yymm,
        "timestamp": eprint.timestamp,
        "encoding": paper.encoding,
        "tex_files": str(len(paper.files)),
        "tex_files_left_out": str(len(paper.unused_files)) if paper.unused_files else None,
        "missing_inputs": str(paper.missing) if paper.missing else None,
        "other_files": str(eprint.others) if eprint.others else None,
        "refused_entries": str(eprint.refused) if eprint.refused else None,
        "macros": None if paper.expanded else "not expanded",
        "abstract": paper.abstract,
    }
    return {key: value for key, value in fields.items() if value}


def _folder(uri: str) -> str:
    return uri.rpartition("/")[0]


def _is_source(uri: str) -> bool:
    name = uri.rpartition("/")[2]
    return name.lower().endswith(_SUFFIXES) or is_id(name)


SLICE = Arxiv()
