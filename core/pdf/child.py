"""The child process: limits first, then WeasyPrint with a fetcher that knows our own fonts and style sheets only."""

import os
import resource
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CSS = HERE.parent / "static" / "core" / "css"

# PDF/UA-1 beside PDF/A-3a: WeasyPrint names one standard in a file. ISO 14289-1, 5, and the schema that ISO 19005-3 wants
# for a property that it does not know itself.
SCHEMA = "".join(
    f"<pdfaProperty:{name}>{value}</pdfaProperty:{name}>"
    for name, value in [
        ("name", "part"),
        ("valueType", "Integer"),
        ("category", "internal"),
        ("description", "Part of ISO 14289"),
    ]
)
ACCESSIBLE = f"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">{SCHEMA}</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def own_files() -> dict[str, Path]:
    """Every address that may be fetched: `cg:pdf.css`, `cg:NAME.woff2`."""
    fonts = {f"cg:{path.name}": path for path in CSS.rglob("*.woff2")}
    return {**fonts, "cg:pdf.css": HERE / "pdf.css"}


def limit(seconds: int, megabytes: int) -> None:
    """The kernel ends this process when it takes more. No core file, no new files."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Arguments: date of making, CPU seconds, megabytes. HTML on standard input, PDF on standard output."""
    made, seconds, megabytes = sys.argv[1:4]
    limit(int(seconds), int(megabytes))
    # Fonts carry the moment at which they were cut to size: with this one the same text gives the same bytes.
    os.environ["SOURCE_DATE_EPOCH"] = str(int(datetime.fromisoformat(made).timestamp()))
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    known = own_files()

    class Closed(URLFetcher):  # type: ignore[misc]
        """Nothing from the network, nothing from the disk but what ships with us."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            from weasyprint.urls import URLFetcherResponse

            if url not in known:
                raise ValueError(f"{url[:80]} is not fetched")
            kind = "text/css" if url.endswith(".css") else "font/woff2"
            return URLFetcherResponse(url, known[url].read_bytes(), headers={"Content-Type": kind})

    document = HTML(string=sys.stdin.buffer.read().decode(), base_url="cg:", url_fetcher=Closed(allowed_protocols=("cg",)))
    rendered = document.render(pdf_variant="pdf/a-3a")
    rendered.metadata.created = rendered.metadata.modified = made
    said = rendered.metadata.generate_rdf_metadata
    rendered.metadata.generate_rdf_metadata = lambda *standard: said(*standard).replace(b"</rdf:RDF>", ACCESSIBLE.encode())
    sys.stdout.buffer.write(rendered.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=made.encode()))


if __name__ == "__main__":
    main()
