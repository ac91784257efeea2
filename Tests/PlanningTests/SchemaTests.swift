import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Planning

/// Whether the interpreter of the tests has the validator; it is no dependency of Slipway.
let hasValidator: Bool = {
    // Because without Python there is no validator either.
    (try? python("schema_oracle.py", Data("{}".utf8)))
        .map { String(decoding: $0, as: UTF8.self).contains("ready") } ?? false
}()

struct SchemaTests {
    @Test(arguments: DeclarationKind.allCases)
    func `a schema names exactly the keys that the decoder takes`(_ kind: DeclarationKind) throws {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(schema(for: kind).utf8))
        expectSame(value, .table(kind.keys), at: kind.rawValue)
    }

    @Test func `every key of model.yaml is heard`() async throws {
        let base = try await plannedDigits(digits)
        let changes = [
            ("description: Handwritten", "description: Printed"), ("owner: vision", "owner: x"),
            ("test: digits-test", "test: digits-train"), ("C: 1.0", "C: 2.0"),
            ("python: requirements.txt", "python: train.py"), ("[shared/features]", "[shared]"),
            ("ignore: [notes]", "ignore: [other]"), ("run: python train.py", "run: make"),
            ("needs: [train]", "needs: []"), ("produces: [model]", "produces: [other]"),
            ("timeout: 10m", "timeout: 5s"), ("retries: 1", "retries: 2"),
            ("retries: 1", "retries: 1, memory: 2GiB"),
            ("task: classification", "task: classification, step: train"),
            ("predictions: predictions.csv", "predictions: other.csv"),
            ("predictions: predictions.csv", "metrics: metrics.json"),
            ("label: digit", "label: x"), ("label: digit", "prediction: x"),
            ("label: digit", "label: digit, score: x"),
            ("label: digit", "label: digit, positive: 1"),
            ("label: digit", "label: digit, slices: [x]"),
            ("label: digit", "label: digit, resamples: 5"),
            ("label: digit", "label: digit, seed: 5"), ("at_least: 0.95", "at_most: 0.95"),
            ("at_least: 0.95", "at_least: 0.95, confidence: 0.9"),
            ("at_least: 0.95", "at_least: 0.95, samples_at_least: 9"),
            ("not_below_baseline_by", "not_above_baseline_by"),
            ("review: {approvals: 1}", "review: {approvals: 2}"),
            ("review: {approvals: 1}", "review: {approvals: 1, exclude: [author]}"),
            ("runtime: sklearn", "runtime: {command: x}"),
            ("runtime: sklearn", "start_timeout: 5s"), ("warmup: warmup.json", "warmup: null"),
        ]
        for (old, new) in changes {
            var files = digits.replacing("models/digits/model.yaml", old, with: new)
            if new.hasPrefix("metrics") {
                files = files.replacing(
                    "models/digits/model.yaml", "{each_class_at_least: 0.90}",
                    with: "{at_least: 0.9}")
            }
            let after = try await planned(files)
            let model = after.models[ModelName(checked: "digits")]
            #expect(model != nil, "\(new): \(after.allDiagnostics.map(\.line))")
            #expect(model?.declaration != base.declaration, "\(new)")
        }
    }

    @Test(arguments: [
        ("datasets/digits-train.yaml", "description: UCI", "description: X"),
        ("datasets/digits-train.yaml", "data/digits-train.csv", "data/x.csv"),
        ("datasets/digits-train.yaml", "sha256: 5f", "sha256: 5e"),
        ("datasets/digits-train.yaml", "rows: 1437", "rows: 1"),
        ("datasets/digits-train.yaml", "format: csv", "format: jsonl"),
        ("datasets/digits-train.yaml", "name: p00", "name: p01"),
        ("datasets/digits-train.yaml", "type: integer, min", "type: number, min"),
        ("datasets/digits-train.yaml", "min: 0", "min: 1"),
        ("datasets/digits-train.yaml", "max: 16", "max: 15"),
        ("datasets/digits-train.yaml", "max: 16", "max: 16, unique: true"),
        ("datasets/digits-train.yaml", "max: 16", "max: 16, pattern: '.'"),
        ("datasets/digits-train.yaml", "required: true", "required: false"),
        ("datasets/digits-train.yaml", "values: [0,", "values: [9,"),
        ("datasets/digits-train.yaml", "min: 1000", "min: 1001"),
        ("datasets/digits-train.yaml", "min: 1000", "max: 1000"),
        ("datasets/digits-train.yaml", "row_count: {min: 1000}", "missing_share: {max: 0.1}"),
        ("datasets/digits-train.yaml", "row_count: {min: 1000}", "missing_values: [NA]"),
        ("datasets/digits-train.yaml", "row_count: {min: 1000}", "column_count: {min: 2}"),
        ("datasets/digits-train.yaml", "format: csv", "format: csv\ntags: [hand]"),
        ("datasets/digits-train.yaml", "format: csv", "format: csv\nowner: ada"),
        ("datasets/digits-train.yaml", "format: csv", "format: csv\nlabel: digit"),
        ("datasets/digits-train.yaml", "format: csv", "format: csv\ndialect: {delimiter: ';'}"),
        ("datasets/digits-train.yaml", "format: csv", "format: csv\ndialect: {quote: '|'}"),
        ("datasets/digits-train.yaml", "format: csv", "format: csv\ndialect: {encoding: utf-16}"),
        ("datasets/digits-train.yaml", "format: csv", "format: csv\ndialect: {encoding: Latin1}"),
        (
            "datasets/digits-train.yaml", "format: csv",
            "format: csv\nrules: [{name: r, check: p00 >= 0}]"
        ),
        ("datasets/digits-train.yaml", "format: csv", "format: csv\nprimary_key: [p00, digit]"),
        ("datasets/digits-train.yaml", "format: csv", "format: csv\nunique_keys: [[p00, digit]]"),
        ("datasets/digits-train.yaml", "format: csv", "format: csv\nsorted_by: [p00]"),
        (
            "datasets/digits-train.yaml", "format: csv",
            "format: csv\nforeign_keys: [{columns: [p00], dataset: digits-test}]"
        ),
        ("datasets/digits-train.yaml", "max: 16", "exclusive_max: 17"),
        ("datasets/digits-train.yaml", "max: 16", "max: 16, severity: warn"),
        ("datasets/digits-train.yaml", "max: 16", "max: 16, mostly: 0.9"),
        ("datasets/digits-train.yaml", "max: 16", "max: 16, max_rows: 3"),
        ("datasets/digits-train.yaml", "max: 16", "max: 16, classification: pii"),
        ("datasets/digits-train.yaml", "{min: 1000}", "{min: 1000, severity: warn}"),
        (
            "datasets/digits-train.yaml", "row_count: {min: 1000}",
            "missing_share: {max_rows: 3, severity: warn}"
        ),
        (
            "datasets/digits-train.yaml", "row_count: {min: 1000}", "columns: {severity: warn}"
        ),
        (
            "datasets/digits-train.yaml", "row_count: {min: 1000}",
            "duplicate_rows: {max_rows: 3}"
        ),
        (
            "datasets/digits-train.yaml", "format: csv",
            "format: csv\nprimary_key: {columns: [p00, digit], mostly: 0.5}"
        ),
        (
            "datasets/digits-train.yaml", "format: csv",
            "format: csv\nunique_keys: [{columns: [p00], severity: warn}]"
        ),
        (
            "datasets/digits-train.yaml", "format: csv",
            "format: csv\nsorted_by: {columns: [p00], max_rows: 2}"
        ),
        ("datasets/digits-train.yaml", "row_count: {min: 1000}", "constant:"),
        ("datasets/digits-train.yaml", "row_count: {min: 1000}", "mean: {columns: [p00], max: 9}"),
        ("datasets/digits-train.yaml", "row_count: {min: 1000}", "psi: {warn: 0.2}"),
        (
            "datasets/digits-train.yaml", "row_count: {min: 1000}",
            "psi: {against: v1.0.0, severity: fail}"
        ),
        (
            "datasets/digits-train.yaml", "row_count: {min: 1000}",
            "outliers_tukey: [{k: 1.5}, {scale: log}]"
        ),
        (
            "datasets/digits-train.yaml", "row_count: {min: 1000}",
            "split_overlap: {with: digits-test}"
        ),
        (
            "datasets/digits-train.yaml", "checks:\n  row_count: {min: 1000}",
            "  - {name: t, type: string}\nchecks:\n  private_data: {kinds: [email], max: 0.1}"
        ),
        (
            "datasets/digits-train.yaml", "checks:\n  row_count: {min: 1000}",
            "  - {name: t, type: string}\nchecks:\n  near_duplicates: {columns: [t], max: 0.1}"
        ),
        (
            "datasets/digits-train.yaml", "checks:\n  row_count: {min: 1000}",
            "  - {name: t, type: string}\nchecks:\n  mixed_types: {columns: [t], meant: 0.2}"
        ),
        (
            "datasets/digits-train.yaml", "checks:\n  row_count: {min: 1000}",
            "  - {name: t, type: string}\nchecks:\n  encoding_damage: {max: 0.001}"
        ),
        ("datasets/digits-train.yaml", "row_count: {min: 1000}", "schema_change: {severity: fail}"),
        ("datasets/digits-train.yaml", "row_count: {min: 1000}", "byte_count_change: {max: 0.2}"),
        (
            "datasets/digits-train.yaml", "checks:\n  row_count: {min: 1000}",
            "  - {name: day, type: date}\nchecks:\n  freshness: {columns: [day], max: 7d}"
        ),
        (
            "datasets/digits-train.yaml", "row_count: {min: 1000}", "columns: {match: subset}"
        ),
        ("datasets/digits-train.yaml", "max: 16", "max: 16, group_char: ' '"),
        ("datasets/digits-train.yaml", "max: 16", "max: 16, bare_number: false"),
        ("datasets/digits-train.yaml", "max: 16", "max: 16, missing_values: [x]"),
        (
            "datasets/digits-train.yaml", "checks:",
            "  - {name: n, type: number, decimal_char: ','}\nchecks:"
        ),
        (
            "datasets/digits-train.yaml", "checks:",
            "  - {name: b, type: boolean, true_values: [y], false_values: [n]}\nchecks:"
        ),
        (
            "datasets/digits-train.yaml", "checks:",
            "  - {name: d, type: date, format: '%d.%m.%Y', min: 2020-01-01}\nchecks:"
        ),
        (
            "datasets/digits-train.yaml", "row_count: {min: 1000}",
            "row_set_digest: {is: v3-00112233445566778899aabbccddeeff-12}"
        ),
        (
            "datasets/digits-train.yaml", "row_count: {min: 1000}",
            "split_stratification: {with: digits-test, max: 0.2}\nlabel: digit"
        ),
        ("datasets/digits-train.yaml", "rows: 1437", "rows: 1437, bytes: 20"),
        (
            "datasets/digits-train.yaml", "checks:\n  row_count: {min: 1000}",
            "  - {name: t, type: string}\nchecks:\n  outliers_rare: {share: 0.01}"
        ),
        ("environments/production.yaml", "The gateway", "Another gateway"),
        ("environments/production.yaml", "listen: 127.0.0.1:8501", "listen: '[::1]:0'"),
        ("environments/production.yaml", "keep_resident: 1", "keep_resident: 0"),
        ("slipway.yaml", "branch: main", "branch: trunk"),
        ("slipway.yaml", "approvals: 1", "approvals: 2"),
        ("slipway.yaml", "[author, committer", "[committer"),
        ("slipway.yaml", "folder: artifacts", "folder: kept"),
        ("slipway.yaml", ".slipway/allowed", ".slipway/known"),
        ("slipway.yaml", "branch: main", "previews: ['feature/*']"),
        ("slipway.yaml", "branch: main", "revoked: gone"),
        ("slipway.yaml", "branch: main", "suspend: [{reason: rest, by: ada}]"),
        ("slipway.yaml", "approvals: 1", "hardware_key: true"),
        ("slipway.yaml", "approvals: 1", "code_owners: true"),
        ("slipway.yaml", "approvals: 1", "roles: {ml: [ada]}"),
        ("slipway.yaml", "approvals: 1", "owners: {'@ada': [ada]}"),
        ("slipway.yaml", "approvals: 1", "rules: [{approvals: 2}]"),
        ("slipway.yaml", "approvals: 1", "data: [{allow: [pii]}]"),
    ])
    func `every key of the other files is heard`(
        _ path: String, _ old: String, _ new: String
    ) async throws {
        let before = try await planned(digits)
        let after = try await planned(digits.replacing(path, old, with: new))
        #expect(after.allDiagnostics.isEmpty)
        #expect(
            before.datasets != after.datasets || before.environments != after.environments
                || before.repository != after.repository)
    }

    @Test(arguments: [
        ("UTF-8", TableDialect.Encoding.utf8), ("Latin1", .latin1), ("ISO-8859-1", .latin1),
        ("Windows-1252", .windows1252), ("Shift_JIS", .shiftJIS), ("KOI8-R", .koi8r),
    ])
    func `an encoding is named in any letter case`(
        name: String, encoding: TableDialect.Encoding
    ) async throws {
        let dialect = "format: csv\ndialect: {encoding: \(name)}"
        let plan = try await planned(
            digits.replacing("datasets/digits-train.yaml", "format: csv", with: dialect))
        #expect(plan.allDiagnostics.isEmpty)
        let train = plan.datasets[DatasetName(checked: "digits-train")]
        #expect(train?.dialect.encoding == encoding)

        let odd = "format: csv\ndialect: {encoding: \(name)x}"
        let wrong = try await planned(
            digits.replacing("datasets/digits-train.yaml", "format: csv", with: odd))
        #expect(wrong.datasets[DatasetName(checked: "digits-train")] == nil)
        let line = try #require(wrong.allDiagnostics.first?.line)
        #expect(line.hasPrefix("datasets/digits-train.yaml:5:21: "), "\(line)")
    }

    @Test(.enabled(if: hasValidator, "the interpreter has no jsonschema and yaml"))
    func `the guide's example fits the schemas and a mistake does not`() throws {
        var documents: [[String: String]] = []
        for (path, text) in digits where path.hasSuffix(".yaml") {
            let kind: DeclarationKind =
                path.hasPrefix("models/")
                ? .model
                : path.hasPrefix("datasets/")
                    ? .dataset : path.hasPrefix("environments/") ? .environment : .repository
            documents.append(["schema": schema(for: kind), "text": text, "valid": "yes"])
            documents.append(
                ["schema": schema(for: kind), "text": text + "zzz: 1\n", "valid": "no"])
        }
        for (name, valid) in [("ISO-8859-1", "yes"), ("Latin1", "yes"), ("utf-88", "no")] {
            let text = "files: [{path: d.csv}]\ndialect: {encoding: \(name)}\n"
            documents.append(["schema": schema(for: .dataset), "text": text, "valid": valid])
        }
        let input = try JSONEncoder().encode(["documents": documents])
        let output = String(decoding: try python("schema_oracle.py", input), as: UTF8.self)
        #expect(output == "ready\n\(documents.count) as expected\n")
    }
}

private func expectSame(_ value: JSONValue, _ shape: Shape, at path: String) {
    switch shape {
    case .table(let table):
        guard case .object(let members) = value,
            case .object(let properties)? = members["properties"]
        else {
            Issue.record("\(path) has no properties")
            return
        }
        #expect(members["additionalProperties"] == .bool(false), "\(path)")
        #expect(Set(properties.keys) == Set(table.keys.map(\.name)), "\(path)")
        for key in table.keys {
            expectSame(properties[key.name] ?? .null, key.shape, at: "\(path).\(key.name)")
        }
    case .list(let item, _):
        expectSame(member("items", value), item, at: path)
    case .map(let item, _):
        expectSame(member("additionalProperties", value), item, at: path)
    case .choiceOrTable(_, let table, _):
        guard case .array(let choices) = member("anyOf", value), choices.count == 2 else {
            Issue.record("\(path) is no choice")
            return
        }
        expectSame(choices[1], .table(table), at: path)
    case .listOrTable(let item, let table):
        guard case .array(let choices) = member("anyOf", value), choices.count == 2 else {
            Issue.record("\(path) is no choice")
            return
        }
        expectSame(choices[0], .list(item, atLeast: 1), at: path)
        expectSame(choices[1], .table(table), at: path)
    case .oneOrMore(let table):
        guard case .array(let choices) = member("anyOf", value), choices.count == 3 else {
            Issue.record("\(path) is no choice")
            return
        }
        expectSame(choices[0], .table(table), at: path)
        expectSame(choices[2], .list(.table(table)), at: path)
    case .bound, .tableSchema, .text, .filled, .label, .flag, .integer, .number, .share, .duration,
        .instant, .size, .sha256, .path, .address, .name, .choice, .word, .any:
        break
    }
}

private func member(_ key: String, _ value: JSONValue) -> JSONValue {
    guard case .object(let members) = value else { return .null }
    return members[key] ?? .null
}
