import Domain

extension DatasetDecoder {
    /// What `served:` says, and what keeps `skew` from comparing with it.
    mutating func served(
        _ root: YAMLNode, _ checks: [DataCheck], _ columns: Set<String>
    ) -> ServedRequests? {
        let asking = checks.filter { $0.name == .skew }
        guard let node = root["served"] else {
            for check in asking {
                diagnostics.append(
                    Diagnostic(
                        at: check.place, "`skew` needs `served`: what it compares with",
                        hint: "served: {dataset: requests}"))
            }
            return nil
        }
        if asking.isEmpty {
            report(node, "no check compares with `served`", hint: "checks: {skew: {}}")
        }
        if columns.isEmpty {
            report(
                node, "`served` needs `columns`, because what a request holds is told by them",
                hint: "columns: [{name: age, type: integer}]")
        }
        let fields = node["fields"]?.entries ?? []
        for entry in fields { refuseUnknown([entry.key], entry.value, columns) }
        return node["dataset"]?.text.flatMap(DatasetName.init).map { name in
            ServedRequests(
                dataset: name,
                fields: Dictionary(
                    fields.compactMap { entry in entry.value.text.map { (entry.key, $0) } },
                    uniquingKeysWith: { first, _ in first }),
                place: node.place(in: file))
        }
    }
}

extension DatasetManifest {
    /// Why its rows are no requests: they are pictures, or texts.
    func rowsFault(asRequestsAt place: Place) -> Diagnostic? {
        switch format {
        case .csv, .jsonl, .parquet, .arrow: nil
        case .images, .text:
            Diagnostic(
                at: place, "`\(name)` has `format: \(format.rawValue)`, and holds no requests",
                hint: "requests are JSON lines, or rows of a table")
        }
    }
}
