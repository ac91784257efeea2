import Domain
import Testing

@testable import Planning

/// A Table Schema is taken as it is, and is the same declarations as the keys of a manifest.
struct TableSchemaTests {
    private static let sum = String(repeating: "5f", count: 32)

    /// - Parameters:
    ///   - schema: what stands behind `schema:`.
    ///   - more: further lines of the manifest.
    private func repository(_ schema: String, _ more: String = "", _ files: Files = [:]) -> Files {
        var all: Files = [
            "slipway.yaml": "",
            "datasets/rows.yaml": """
            files: [{path: data/rows.csv, sha256: \(Self.sum)}]
            schema: \(schema)
            \(more)
            """,
            "datasets/countries.yaml": """
            files: [{path: data/countries.csv, sha256: \(Self.sum)}]
            columns: [{name: code, type: string}]

            """,
        ]
        all.merge(files) { $1 }
        return all
    }

    private func rows(_ files: Files) async throws -> DatasetManifest {
        let plan = try await planned(files)
        guard let found = plan.datasets[DatasetName(checked: "rows")] else {
            throw Failure("the dataset is broken: \(plan.allDiagnostics.map(\.line))")
        }
        return found
    }

    private func said(_ files: Files) async throws -> [String] {
        try await planned(files).diagnostics.map(\.line)
    }

    /// In the shape of published data packages.
    private static let published = """
        {
          "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
          "fieldsMatch": ["subset"],
          "missingValues": [{"value": "", "label": "left out"}, {"value": "-99"}],
          "fields": [
            {"name": "deployment_id", "type": "string", "title": "Deployment",
             "constraints": {"required": true, "unique": true, "minLength": 3}},
            {"name": "timestamp", "type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z",
             "constraints": {"minimum": "2020-01-01T00:00:00+0200"}},
            {"name": "day", "type": "date", "format": "default",
             "constraints": {"exclusiveMaximum": "2030-01-01"}},
            {"name": "clock", "type": "time"},
            {"name": "count", "type": "integer", "bareNumber": false,
             "constraints": {"minimum": 1, "maximum": "1000"}, "missingValues": ["n/a"]},
            {"name": "weight", "type": "number", "decimalChar": ",", "groupChar": ".",
             "constraints": {"exclusiveMinimum": 0, "enum": ["1.000,5", 2]}},
            {"name": "captive", "type": "boolean", "trueValues": ["yes"]},
            {"name": "seen", "type": "boolean", "example": "1"},
            {"name": "life_stage", "type": "string", "categories": ["adult",
              {"value": "juvenile", "label": "young"}], "categoriesOrdered": true},
            {"name": "born", "type": "year", "constraints": {"minimum": "1990"}},
            {"name": "month", "type": "yearmonth"}, {"name": "mail", "format": "default"},
            {"name": "url", "type": "string", "format": "uri", "rdfType": "http://schema.org/URL"},
            {"name": "country", "type": "any", "constraints": {"pattern": "[A-Z]{2}"}}
          ],
          "primaryKey": "deployment_id",
          "uniqueKeys": [["timestamp", "country"]],
          "foreignKeys": [
            {"fields": "country", "reference": {"resource": "countries", "fields": "code"}},
            {"fields": ["mail"], "reference": {"resource": "", "fields": ["deployment_id"]}}
          ]
        }
        """

    @Test func `every word of a schema is a declaration`() async throws {
        let found = try await rows(
            repository(
                "datasets/schemas/rows.json", "",
                [
                    "datasets/schemas/rows.json": Self.published
                ]))
        let columns = Dictionary(uniqueKeysWithValues: found.columns.map { ($0.name, $0) })
        func named(_ name: String) throws -> ColumnDeclaration { try #require(columns[name]) }
        #expect(found.columns.count == 14 && found.columnMatch == .subset)
        #expect(found.checks.missingValues == ["-99"])
        let id = try named("deployment_id")
        #expect(id.required && id.unique && id.minLength == 3)
        #expect(id.place.description == "datasets/schemas/rows.json:6:5")
        let at = try named("timestamp")
        #expect(at.type == .datetime && at.notation.pattern == "%Y-%m-%dT%H:%M:%S%z")
        #expect(at.earliest == "2020-01-01T00:00:00+02:00")
        let day = try named("day")
        #expect(day.latest == "2030-01-01" && day.excludesMax && day.notation == CellNotation())
        #expect(try named("clock").type == .string && columns["clock"]?.format == .time)
        let count = try named("count")
        #expect(!count.notation.isBareNumber && count.min == 1 && count.max == 1000)
        #expect(count.missingValues == ["n/a"])
        let weight = try named("weight")
        #expect(weight.notation.decimalChar == "," && weight.notation.groupChar == ".")
        #expect(weight.min == 0 && weight.excludesMin && weight.values == ["1000.5", "2"])
        #expect(try named("captive").notation.trueValues == ["yes"])
        #expect(try named("captive").notation.falseValues == ["false", "False", "FALSE", "0"])
        #expect(try named("seen").notation.trueValues == ["true", "True", "TRUE", "1"])
        #expect(try named("life_stage").values == ["adult", "juvenile"])
        #expect(try named("born").type == .integer && columns["born"]?.min == 1990)
        #expect(try named("born").pattern == "-?[1-9][0-9]{3,}")
        #expect(try named("month").pattern == "-?[0-9]{4,}-(0[1-9]|1[0-2])")
        #expect(try named("mail").type == .string && columns["url"]?.format == .uri)
        #expect(try named("country").pattern == "[A-Z]{2}")
        #expect(found.keys.primary == ["deployment_id"])
        #expect(found.keys.unique == [UniqueKey(["timestamp", "country"])])
        #expect(found.keys.foreign.map(\.dataset?.text) == ["countries", nil])
        #expect(found.keys.foreign.map(\.references) == [["code"], ["deployment_id"]])
    }

    @Test func `a schema and the keys of a manifest are one declaration`() async throws {
        let schema = try await rows(
            repository(
                """

                  fields:
                    - {name: a, type: integer, constraints: {required: true, minimum: 1}}
                    - {name: b, type: string, constraints: {enum: [x, y]}}
                    - {name: c, type: date, format: "%d.%m.%Y"}
                  missingValues: ["", NA]
                  primaryKey: [a]
                  uniqueKeys: [[a, b]]
                  fieldsMatch: equal
                """, "label: b\n"))
        var native = try await rows(
            repository("", "").setting(
                "datasets/rows.yaml",
                to: """
                    files: [{path: data/rows.csv, sha256: \(Self.sum)}]
                    label: b
                    columns:
                      - {name: a, type: integer, required: true, min: 1}
                      - {name: b, type: string, values: [x, y]}
                      - {name: c, type: date, format: "%d.%m.%Y"}
                    checks: {missing_values: [NA], columns: {match: equal}}
                    primary_key: [a]
                    unique_keys: [[a, b]]

                    """))
        for index in native.columns.indices {
            native.columns[index].place = schema.columns[index].place
        }
        #expect(schema.schemaFields == ["a", "b", "c"] && native.schemaFields.isEmpty)
        native.schemaFields = schema.schemaFields
        #expect(native == schema)
        #expect(validationFingerprint(of: native) == validationFingerprint(of: schema))
    }

    @Test func `columns add what a schema has no words for`() async throws {
        let found = try await rows(
            repository(
                "{fields: [{name: a, type: integer}, {name: b, type: string}]}",
                "columns: [{name: b, type: string, classification: pii, mostly: 0.9, "
                    + "max_length: 5}]\n"))
        #expect(found.columns.map(\.name) == ["a", "b"])
        #expect(
            found.columns[1].classification == .pii && found.columns[1].strictness.mostly == 0.9)
        #expect(found.columns[1].maxLength == 5)
    }

    @Test func `what contradicts a schema is named with both places`() async throws {
        let found = try await planned(
            repository(
                "{fields: [{name: a, type: integer, constraints: {minimum: 1, required: true}}],"
                    + " primaryKey: a, missingValues: [NA], fieldsMatch: equal}",
                """
                columns:
                  - {name: a, type: number, min: 2, required: false}
                  - {name: z, type: string}
                primary_key: [z]
                checks: {missing_values: ["-"], columns: {match: subset}}

                """))
        let lines = found.diagnostics.map(\.line)
        let expected = [
            "4:21: `type` of `a` is not what the schema says",
            "4:34: `min` of `a` is not what the schema says",
            "4:47: `required` of `a` is not what the schema says",
            "5:5: the schema has no field `z`",
            "6:14: `primary_key` is not what the schema says",
            "7:26: `missing_values` is not what the schema says",
            "7:50: `match` is not what the schema says",
        ]
        for line in expected {
            #expect(
                lines.contains { $0.contains("datasets/rows.yaml:\(line)") },
                "\(line) in\n\(lines.joined(separator: "\n"))")
        }
        let hint = "keep one of the two; the schema says it at datasets/rows.yaml:2:19"
        #expect(found.diagnostics.contains { $0.hint == hint })
    }

    @Test(arguments: [
        ("{fields: [{name: a, type: geopoint}]}", "2:35: fields of type `geopoint` are not yet"),
        ("{fields: [{name: a, type: integr}]}", "no type `integr`; did you mean `integer`?"),
        ("{fields: []}", "2:18: a Table Schema needs `fields`"),
        ("{fields: [{type: string}]}", "2:19: a field needs a `name`"),
        ("{fields: [{name: a}, {name: a}]}", "2:37: the field `a` is declared twice"),
        ("{fields: [{name: a, type: date, format: any}]}", "leaves open which day"),
        ("{fields: [{name: a, type: date, format: \"%d.%m\"}]}", "tells no whole day"),
        (
            "{fields: [{name: a, type: date, format: \"%Y-%m-%d %H\"}]}",
            "tells a time of the day, which would be lost"
        ),
        ("{fields: [{name: a, format: binary, type: string}]}", "`format: binary` is not yet"),
        ("{fields: [{name: a, format: emial, type: string}]}", "did you mean `email`?"),
        (
            "{fields: [{name: a, type: time, constraints: {minimum: \"10:00:00\"}}]}",
            "`minimum` of a field of type `time` is not yet supported"
        ),
        (
            "{fields: [{name: a, type: string, constraints: {minimum: 1}}]}",
            "`minimum` needs a field of type `integer`"
        ),
        (
            "{fields: [{name: a, type: integer, constraints: {minimum: x}}]}",
            "`minimum` of a field of type `integer` must be a number, found `x`"
        ),
        (
            "{fields: [{name: a, type: integer, constraints: {minimum: 9007199254740993}}]}",
            "2:67: `minimum` is 9007199254740993, which 64-bit floating point cannot hold"
        ),
        (
            "{fields: [{name: a, type: integer, constraints: {exclusiveMaximum: "
                + "\"-9007199254740993\"}}]}",
            "`exclusiveMaximum` is -9007199254740993, which 64-bit floating point cannot hold"
        ),
        (
            "{fields: [{name: a, type: string, constraints: {pattern: \"C[0-9\"}}]}",
            "2:68: `C[0-9` is not a regular expression"
        ),
        (
            "{fields: [{name: a, type: integer, constraints: {enum: [1, x]}}]}",
            "2:68: `x` is not an integer"
        ),
        ("{fields: [{name: a}], primaryKey: [a, b]}", "2:47: there is no field `b`"),
        ("{fields: [{name: a, format: 5}]}", "2:37: `format` must be a text, found `5`"),
        (
            "{fields: [{name: a, type: number, decimalChar: 5}]}",
            "2:56: `decimalChar` must be a text, found `5`"
        ),
        (
            "{fields: [{name: a, type: boolean, trueValues: []}]}",
            "2:56: `trueValues` must be a list of texts, at least one"
        ),
        (
            "{fields: [{name: a, type: number, groupChar: \".\"}]}",
            "2:54: `groupChar` is also the decimal character"
        ),
        // Of one mistake nothing else follows.
        (
            "{fields: [{name: a, type: date, format: \"%d.%m\", constraints: {minimum: "
                + "01.02.2020, maximum: 31.12.2020, enum: [05.06.2020]}}]}", "tells no whole day"
        ),
        (
            "{fields: [{name: a, type: number, decimalChar: \"00\", constraints: {minimum: "
                + "\"1,5\", enum: [\"2,5\"]}}]}", "`decimalChar` must be one character"
        ),
        (
            "{fields: [{name: a, type: integer, constraints: {minLength: x}}]}",
            "2:69: `minLength` must be a whole number"
        ),
        ("{fields: [{name: a, min: 3}]}", "2:29: `min` is no property of a field of type `any`"),
        (
            "{fields: [{name: a, type: integer, minimum: 3}]}",
            "says nothing; did you mean `constraints.minimum`?"
        ),
        (
            "{fields: [{name: a, constraints: {values: [x]}}]}",
            "says nothing; did you mean `enum`?"
        ),
        (
            "{fields: [{name: a}, {name: b}], foreignKeys: [{fields: [a, b], reference: "
                + "{resource: countries, fields: [code]}}]}",
            "2:114: `fields` and `reference.fields` name 2 and 1 fields"
        ),
        (
            "{fields: [{name: a}], foreignKeys: [{fields: [a], reference: {resource: countries, "
                + "fields: [cde]}}]}",
            "2:100: `countries` has no column `cde`; did you mean `code`?"
        ),
        (
            "{fields: [{name: a}], foreignKeys: [{fields: [b], reference: {fields: [a]}}]}",
            "2:55: there is no field `b`"
        ),
        ("{fields: [{name: a}], fieldsMatch: all}", "`fieldsMatch` must be `exact` or"),
        ("{fields: [{name: a}], foreignKeys: [{fields: [a]}]}", "2:45: a foreign key needs"),
        (
            "{fields: [{name: a}], foreignKeys: [{fields: [a], reference: {resource: x}}]}",
            "2:70: a foreign key needs `fields`"
        ),
        (
            "{fields: [{name: a}], foreignKeys: [{fields: [a], reference: {resource: nobody, "
                + "fields: [a]}}]}", "2:81: unknown dataset `nobody`"
        ),
        ("{fields: [{name: a, constriants: {}}]}", "did you mean `constraints`?"),
        ("{fields: [{name: a, type: number, decimalChar: \",\", groupChar: \",\"}]}", "also the"),
        ("{resources: [{schema: {}}]}", "this is a data package"),
        ("https://example.org/schema.json", "is no JSON or YAML file below `datasets/`"),
        ("datasets/schemas/none.json", "2:9: `datasets/schemas/none.json` is not there"),
        ("[a]", "`schema` must be a Table Schema or the relative path"),
    ])
    func `a mistake is named at its place`(schema: String, says: String) async throws {
        let lines = try await said(repository(schema))
        #expect(lines.contains { $0.contains(says) }, "\(says) in\n\(lines)")
        #expect(lines.count == 1, "\(lines)")
    }

    @Test(arguments: [
        ("{\n \"fields\": [\n  {\"name\": \"a\"}\n}\n", "4:1: cannot be read as JSON:"),
        ("{\"fields\": [{\"name\": \"a}]}\n", ": cannot be read as JSON:"),
    ])
    func `a broken JSON file is called one`(text: String, says: String) async throws {
        let path = "datasets/schemas/rows.json"
        let lines = try await said(repository(path, "", [path: text]))
        #expect(lines.count == 1 && lines[0].contains("\(path):") && lines[0].contains(says))
        let yaml = "datasets/schemas/rows.yml"
        let others = try await said(repository(yaml, "", [yaml: text]))
        #expect(others.count == 1 && others[0].contains("not valid YAML"), "\(others)")
    }

    @Test func `hints have the words of what was written`() async throws {
        func hints(_ field: String, _ column: String) async throws -> [String] {
            let schema = try await planned(repository("{fields: [\(field)]}"))
            let native = try await planned(
                repository("").replacing(
                    "datasets/rows.yaml", "schema: \n", with: "columns: [\(column)]\n"))
            return (schema.diagnostics + native.diagnostics).compactMap(\.hint)
        }
        #expect(
            try await hints(
                "{name: a, type: integer, format: x}", "{name: a, type: integer, format: x}")
                == [
                    "numbers have `decimalChar`, `groupChar` and `bareNumber`",
                    "numbers have `decimal_char`, `group_char` and `bare_number`",
                ])
        #expect(
            try await hints(
                "{name: a, type: number, groupChar: .}", "{name: a, type: number, group_char: .}")
                == ["decimalChar: \",\"", "decimal_char: \",\""])
    }

    @Test func `another content of the schema's file is another dataset`() async throws {
        let files = repository(
            "datasets/rows.schema.json", "",
            [
                "datasets/rows.schema.json": "{\"fields\": [{\"name\": \"a\"}]}",
                "models/m/model.yaml": "datasets: {train: rows}\nevaluation: {task: regression}\n",
                "models/m/train.py": "", "models/m/evaluate.py": "",
            ])
        let planner = Planner()
        let first = try await planned(files, by: planner)
        #expect(first.diagnostics.isEmpty, "\(first.diagnostics)")
        let name = DatasetName(checked: "rows")
        #expect(first.datasets[name]?.columns.map(\.type) == [.any])
        let second = try await planned(
            files.replacing("datasets/rows.schema.json", "\"a\"", with: "\"a\",\"type\":\"date\""),
            by: planner)
        #expect(second.datasets[name]?.columns.map(\.type) == [.date])
        let broken = try await planned(
            files.replacing("datasets/rows.schema.json", "\"a\"", with: "\"a\",\"type\":\"dat\""),
            by: planner)
        #expect(broken.diagnostics.map(\.line).contains { $0.contains("rows.schema.json:1:33") })
        #expect(broken.datasets[name] == nil)
    }
}
