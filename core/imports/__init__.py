"""Importing tables: the doors of this package. What can be imported is handed in as a schema, how a file is read stands in a
mapping file (docs/imports.md), and what comes out are records and faults; nothing here writes to a database."""

from core.imports.faults import Fault, ImportRefused, TableRefused, Tally, write_faults
from core.imports.finding import find_mapping
from core.imports.loading import load_mapping, load_mappings
from core.imports.mapping import Mapping
from core.imports.reading import read_table, read_tables
from core.imports.results import Record, Result
from core.imports.schema import Field, Kind, Schema, Value
from core.imports.tables import Table
from core.imports.translating import translate
from core.imports.yamltext import MappingRefused

__all__ = [
    "Fault",
    "Field",
    "ImportRefused",
    "Kind",
    "Mapping",
    "MappingRefused",
    "Record",
    "Result",
    "Schema",
    "Table",
    "TableRefused",
    "Tally",
    "Value",
    "find_mapping",
    "load_mapping",
    "load_mappings",
    "read_table",
    "read_tables",
    "translate",
    "write_faults",
]
