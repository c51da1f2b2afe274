"""A contract for import-linter: packages may use the standard library and the third-party packages that are listed."""

import sys
from typing import Any, cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AllowlistContract(Contract):
    """Every external import of the source modules is on the list; a `forbidden` contract lists the opposite."""

    source_modules = fields.ListField(subfield=fields.ModuleField())
    allowed_packages = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - part of the interface
        roots = {module.partition(".")[0] for module in graph.modules if not graph.is_module_squashed(module)}
        allowed = {*sys.stdlib_module_names, *roots, *cast("set[str]", self.allowed_packages)}
        sources = [source.name for source in cast("list[Any]", self.source_modules)]
        found = sorted(
            f"{importer} imports {imported}"
            for importer in graph.modules
            if any(importer == source or importer.startswith(f"{source}.") for source in sources)
            for imported in graph.find_modules_directly_imported_by(importer)
            if imported.partition(".")[0] not in allowed
        )
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for each in check.metadata["found"]:
            output.print_error(each)
