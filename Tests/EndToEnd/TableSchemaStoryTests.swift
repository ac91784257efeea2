import Host
import Testing

/// A published data package becomes a dataset: its schema is taken as it is, and decides.
@Suite struct TableSchemaStoryTests {
    private static let schema = """
        {
          "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
          "fieldsMatch": "equal",
          "missingValues": ["", "NA"],
          "fields": [
            {"name": "id", "type": "integer", "constraints": {"required": true}},
            {"name": "bought", "type": "date", "format": "%d.%m.%Y",
             "constraints": {"minimum": "2020-01-01"}},
            {"name": "price", "type": "number", "decimalChar": ",", "groupChar": ".",
             "bareNumber": false, "constraints": {"maximum": 2000}},
            {"name": "gift", "type": "boolean", "title": "Bought for somebody else"},
            {"name": "country", "type": "string", "constraints": {"pattern": "[A-Z]{2}"}}
          ],
          "primaryKey": ["id"],
          "foreignKeys": [
            {"fields": "country", "reference": {"resource": "countries", "fields": "code"}}
          ]
        }

        """

    /// The digest of a file of the clone.
    private func sum(_ path: String, in harbour: Harbour) async throws -> String {
        String(try await harbour.run("sha256sum", "\(harbour.clone)/\(path)").prefix(64))
    }

    private func sales(_ rows: [String], in harbour: Harbour) async throws {
        let text = "country,id,bought,price,gift\n" + rows.map { $0 + "\n" }.joined()
        try harbour.file("data/sales.csv", text)
        try harbour.file(
            "datasets/sales.yaml",
            """
            files: [{path: data/sales.csv, sha256: \(try await sum("data/sales.csv", in: harbour))}]
            schema: datasets/schemas/sales.json
            columns: [{name: country, type: string, classification: confidential}]
            rules: [{name: gifts are cheap, check: gift = false or price < 100}]
            checks: {mean: {columns: [price], max: 1200}}

            """)
    }

    @Test(.timeLimit(.minutes(15)))
    func `a table schema decides what passes`() async throws {
        try await Harbour.use { harbour in
            try harbour.shellRepository()
            let codes = "code\nDE\nAT\n"
            try harbour.file("data/countries.csv", codes)
            let digest = try await sum("data/countries.csv", in: harbour)
            try harbour.file(
                "datasets/countries.yaml",
                """
                files: [{path: data/countries.csv, sha256: \(digest)}]
                schema: {fields: [{name: code, type: string}], primaryKey: code}

                """)
            try harbour.file("datasets/schemas/sales.json", Self.schema)
            let right = [
                #"DE,1,31.01.2024,"1.234,50 €",0"#, #"AT,2,1.2.2024,"99,90",1"#, "NA,3,NA,NA,False",
            ]
            try await sales(right, in: harbour)
            #expect(try await harbour.slipway("check").isEmpty)

            try await sales(
                right + [
                    #"CH,4,31.02.2024,"2.500,00",1"#, #"DE,1,01.01.2019,"1.23,0",maybe"#,
                    "de,,02.02.2024,1,0",
                ], in: harbour)
            let found = try await harbour.attempt("check")
            let text = found.outputText + found.errorText
            for wanted in [
                "data/sales.csv:5:3", "`31.02.2024` is not a date as %d.%m.%Y",
                "2.500,00 is above the maximum 2000", "01.01.2019 is before the earliest",
                "`1.23,0` is not a number with", "`maybe` is not one of", "gifts are cheap",
                "equals row data/sales.csv:2 on `id`", "is not in `countries` (code)",
                "`id` is required and missing",
            ] {
                #expect(text.contains(wanted), "\(wanted) in\n\(text)")
            }
            #expect(!text.contains("`de`"), "cells that are confidential are not shown")

            try harbour.file(
                "datasets/schemas/sales.json",
                Self.schema.replacing("\"type\": \"boolean\"", with: "\"type\": \"bool\""))
            let broken = try await harbour.attempt("check")
            #expect(
                (broken.outputText + broken.errorText).contains(
                    "datasets/schemas/sales.json:11:30: error: there is no type `bool`"),
                "\(broken.outputText + broken.errorText)")
        }
    }
}
