import Domain
import Testing

@testable import Validation

@Suite struct CleaningTests {
    @Test func `numbers are converted without losing a digit`() async throws {
        var conversion = CellConversion(columns: ["x"], kind: .number)
        conversion.decimalComma = true
        conversion.thousands = "."
        let text = "x\n\"1.234,50\"\n+7\n007\n\" 3,0 \"\n-0\n\"12.345.678,901234567890123\"\n\n"
        let made = try await prepared(
            text.replacing("\n\n", with: "\n\"\"\n"), by: [.convert(conversion)])
        #expect(
            made.text
                == "x\n1234.50\n7\n7\n3.0\n-0\n12345678.901234567890123\n\"\"\n")
        #expect(made.report.steps[0].cellsChanged == 5)
        conversion.kind = .integer
        let whole = try await prepared("x\n\"1.000,00\"\n-0\n", by: [.convert(conversion)])
        #expect(whole.text == "x\n1000\n0\n")
    }

    @Test(arguments: [
        ("1,5", "is no number"), ("1.2.3", "is no number"), ("1e999", "is no number"),
        ("NaN", "is no number"), ("0x10", "is no number"), ("", ""),
    ])
    func `what is no number is refused at its place`(_ cell: String, _ problem: String)
        async throws
    {
        let convert = PreparationStep.Action.convert(CellConversion(columns: ["x"], kind: .number))
        guard !cell.isEmpty else { return }
        #expect(
            try await refusal(
                "a,x\n1,1\n2,\"\(cell)\"\n", by: [.dropMissing(.init(columns: [])), convert])
                == "f0.csv:3:2: column `x`: `\(cell)` \(problem) (step 2, convert)")
    }

    @Test func `cells that cannot be converted may be missing`() async throws {
        var conversion = CellConversion(columns: ["x"], kind: .integer)
        conversion.invalid = .missing
        let made = try await prepared(
            "x,y\n1,a\n1.5,b\nz,c\n9223372036854775808,d\n", by: [.convert(conversion)])
        #expect(made.text == "x,y\n1,a\n,b\n,c\n,d\n")
        #expect(made.report.steps[0].notes == ["3 cells could not be and are missing"])
    }

    @Test func `truth, dates and times are converted`() async throws {
        var dates = CellConversion(columns: ["d"], kind: .date)
        dates.form = "%d.%m.%y"
        var unix = CellConversion(columns: ["u"], kind: .datetime)
        unix.form = "unix"
        var clock = CellConversion(columns: ["c"], kind: .datetime)
        clock.form = "%b %d, %Y %I:%M %p %z"
        let made = try await prepared(
            "b,d,t,u,c\nYES,1.2.69,2024-02-29 10:00:00,0,\"Mar 05, 2024 12:30 AM +0200\"\n"
                + "f,31.12.68,2024-02-29,1709203200.25,\"dec 31, 1999 11:59 pm Z\"\n",
            by: [
                .convert(CellConversion(columns: ["b"], kind: .boolean)), .convert(dates),
                .convert(CellConversion(columns: ["t"], kind: .datetime)), .convert(unix),
                .convert(clock),
            ])
        #expect(
            made.text == """
                b,d,t,u,c
                true,1969-02-01,2024-02-29T10:00:00Z,1970-01-01T00:00:00Z,2024-03-05T00:30:00+02:00
                false,2068-12-31,2024-02-29T00:00:00Z,2024-02-29T10:40:00.25Z,1999-12-31T23:59:00Z

                """)
        #expect(
            try await refusal("d\n30.02.2024\n", by: [.convert(dates)])
                == "f0.csv:2:1: column `d`: `30.02.2024` is no date as %d.%m.%y (step 1, convert)")
    }

    @Test func `missing cells are filled and dropped`() async throws {
        let text = "n,s\n1,a\n,b\n4,\n,b\n10,NA\n"
        func fill(_ columns: [String], _ filling: MissingFill.Filling) async throws -> String {
            try await prepared(
                text, by: [.fillMissing(MissingFill(columns: columns, filling: filling))],
                missing: ["NA"]
            ).text
        }
        #expect(
            try await fill(["n", "s"], .value("?", .string)) == "n,s\n1,a\n?,b\n4,?\n?,b\n10,?\n")
        #expect(try await fill(["n"], .statistic(.mean)) == "n,s\n1,a\n5,b\n4,\n5,b\n10,\n")
        #expect(try await fill(["n"], .statistic(.median)) == "n,s\n1,a\n4,b\n4,\n4,b\n10,\n")
        #expect(try await fill(["s"], .statistic(.mode)) == "n,s\n1,a\n,b\n4,b\n,b\n10,b\n")
        #expect(
            try await fill(["n", "s"], .statistic(.previous)) == "n,s\n1,a\n1,b\n4,b\n4,b\n10,b\n")
        func drop(_ drop: MissingDrop) async throws -> [String] {
            try await prepared(text, by: [.dropMissing(drop)], missing: ["NA"]).rows.map { $0[0] }
        }
        #expect(try await drop(MissingDrop(columns: [])) == ["1"])
        #expect(try await drop(MissingDrop(columns: ["s"])) == ["1", "", ""])
        #expect(try await drop(MissingDrop(columns: [], onlyAll: true)).count == 5)
        #expect(
            try await refusal(
                "n\nx\n", by: [.fillMissing(.init(columns: ["n"], filling: .statistic(.mean)))])
                == "f0.csv:2:1: column `n`: `x` is no number (step 1, fill_missing)")
        #expect(
            try await refusal(
                "n,m\n,1\n", by: [.fillMissing(.init(columns: ["n"], filling: .statistic(.median)))]
            )
                == "datasets/d.yaml:10: the column `n` has no value that could be taken "
                + "(step 1, fill_missing)")
    }

    @Test func `of equal rows the first or the last stays`() async throws {
        let text = "k,v\na,1\nb,2\na,3\na,1\n,4\n,5\n"
        func drop(_ columns: [String], _ keep: DuplicateDrop.Keep) async throws -> [String] {
            try await prepared(text, by: [.dropDuplicates(.init(columns: columns, keep: keep))])
                .column(1)
        }
        #expect(try await drop([], .first) == ["1", "2", "3", "4", "5"])
        #expect(try await drop(["k"], .first) == ["1", "2", "4"])
        #expect(try await drop(["k"], .last) == ["2", "1", "5"])
    }

    @Test func `equal rows become one, column by column`() async throws {
        let merge = DuplicateMerge(
            columns: ["k"],
            rules: [
                .init(column: "sum", rule: .sum), .init(column: "mean", rule: .mean),
                .init(column: "min", rule: .min), .init(column: "max", rule: .max),
                .init(column: "last", rule: .last),
            ])
        let made = try await prepared(
            "k,first,sum,mean,min,max,last\nb,x,1,1,9,9,1\na,,0.1,1,2024-01-02,a,1\n"
                + "b,y,2,,10,10,\na,z,0.2,2,2024-01-01,b,3\nc,,1.50,,,,\n",
            by: [.mergeDuplicates(merge)])
        #expect(
            made.text == """
                k,first,sum,mean,min,max,last
                b,x,3,1,9,10,1
                a,z,0.30000000000000004,1.5,2024-01-01,b,3
                c,,1.50,,,,

                """)
        #expect(made.report.steps[0].notes == ["2 rows made of several"])
        #expect(
            try await refusal(
                "k,min\na,1\na,x\n",
                by: [
                    .mergeDuplicates(
                        .init(columns: ["k"], rules: [.init(column: "min", rule: .min)]))
                ]
            ).hasPrefix("f0.csv:3:2: column `min`: `x` cannot be compared"))
    }

    @Test func `integers are merged by every digit`() async throws {
        let merge = DuplicateMerge(
            columns: ["k"],
            rules: [
                .init(column: "sum", rule: .sum), .init(column: "mean", rule: .mean),
                .init(column: "min", rule: .min), .init(column: "max", rule: .max),
            ])
        let made = try await prepared(
            """
            k,sum,mean,min,max
            a,9007199254740993,9007199254740993,9007199254740993,9007199254740992
            a,2,9007199254740995,9007199254740992,9007199254740993
            b,9223372036854775807,1,-9223372036854775808,9223372036854775806
            b,9223372036854775807,2,-9223372036854775807,9223372036854775807
            c,0.5,1,1.5,1
            c,1,2,1,1.5

            """, by: [.mergeDuplicates(merge)])
        #expect(
            made.text == """
                k,sum,mean,min,max
                a,9007199254740995,9007199254740994,9007199254740992,9007199254740993
                b,18446744073709551614,1.5,-9223372036854775808,9223372036854775807
                c,1.5,1.5,1,1.5

                """)
    }

    @Test func `outliers are clipped or dropped by exact bounds`() async throws {
        let values = (1...100).map(String.init) + ["1000", "", "-500"]
        let text = "x,y\n" + values.map { "\($0),1\n" }.joined()
        func run(_ method: OutlierBounds.Method, drops: Bool = false) async throws -> Made {
            let bounds = OutlierBounds(columns: ["x"], method: method)
            return try await prepared(
                text, by: [drops ? .dropOutliers(bounds) : .clipOutliers(bounds)])
        }
        // Quartiles of −500, 1…100, 1000 by type 7: 25.25 and 75.75.
        let tukey = try await run(.tukey(k: 1.5))
        #expect(tukey.column(0).suffix(3) == ["151.5", "", "-50.5"])
        #expect(tukey.report.steps[0].notes == ["x within -50.5 and 151.5"])
        #expect(tukey.report.steps[0].cellsChanged == 2)
        #expect(try await run(.tukey(k: 1.5), drops: true).rows.count == 101)
        // The median is 50.5, the median deviation 25.5.
        #expect(try await run(.robustZ(threshold: 3.5), drops: true).rows.count == 101)
        let range = try await run(.range(min: 0, max: 50.5))
        #expect(range.column(0).suffix(3) == ["50.5", "", "0"])
        #expect(range.report.steps[0].cellsChanged == 52)
        let same = try await prepared(
            "x\n1\n1\n1\n9\n",
            by: [.dropOutliers(.init(columns: ["x"], method: .robustZ(threshold: 3.5)))])
        #expect(same.column(0) == ["1", "1", "1", "9"], "the mean deviation stands in")
        let constant = try await prepared(
            "x\n1\n1\n",
            by: [.dropOutliers(.init(columns: ["x"], method: .robustZ(threshold: 3.5)))])
        #expect(constant.rows.count == 2)
    }

    @Test func `lines of JSON keep their types, nulls and order`() async throws {
        let text = """
            {"a":1,"b":"x\\n\\u00e9","c":[1, 2],"d":true}
            {"b":null,"a":"2"}
            {"a":3.0,"b":"x","d":false,"e":"new"}

            """
        let made = try await prepared(
            text, by: [.fillMissing(.init(columns: ["d"], filling: .value("false", .boolean)))],
            format: .jsonl)
        #expect(
            made.text == """
                {"a":1,"b":"x\\né","c":[1, 2],"d":true,"e":null}
                {"a":"2","b":null,"c":null,"d":false,"e":null}
                {"a":3.0,"b":"x","c":null,"d":false,"e":"new"}

                """)
        let typed = try await prepared(
            "{\"p\":{\"q\":\"1,5\"},\"r\":1}\n", by: [], format: .jsonl,
            columns: [column("p.q"), column("r")])
        #expect(typed.text == "{\"p.q\":\"1,5\",\"r\":1}\n")
        #expect(
            try await refusal(
                "{\"r\":1,\"s\":2}\n", by: [], format: .jsonl, columns: [column("r")]
            ).hasPrefix("f0.jsonl:1:"))
    }

    @Test func `several files are one, by the names of their columns`() async throws {
        let made = try await prepared("a,b\n1,2\n", "b,a\n4,\"3,5\"\n", by: [])
        #expect(made.text == "a,b\n1,2\n\"3,5\",4\n")
        #expect(made.report.source.files.map(\.rows) == [1, 1])
    }

    @Test func `data that is not as declared is not prepared`() async throws {
        #expect(try await refusal("a,b\n1\n", by: []).hasPrefix("f0.csv:2:2: the row has 1 cell,"))
        let folder = try Folder()
        var raw = manifest([try folder.add("f.csv", "a\n1\n")])
        raw.files[0].sha256 = Digest(checked: String(repeating: "0", count: 64))
        await #expect {
            _ = try await prepared(raw, [], folder)
        } throws: { error in
            (error as? PreparationError)?.failure.details.first?.message.hasPrefix(
                "sha256 of `f.csv`")
                ?? false
        }
        let lacking = PreparationStep.Action.dropMissing(.init(columns: ["z"]))
        #expect(
            try await refusal("a,b\n1,2\n", by: [lacking])
                == "datasets/d.yaml:10: there is no column `z` in the data (step 1, drop_missing)")
    }

    @Test func `cells of private columns are not shown`() async throws {
        var hidden = column("x", .number)
        hidden.classification = .pii
        let convert = PreparationStep.Action.convert(CellConversion(columns: ["x"], kind: .number))
        #expect(
            try await refusal("x\nsecret\n", by: [convert], columns: [hidden])
                == "f0.csv:2:1: column `x`: the cell is no number (step 1, convert)")
    }
}
