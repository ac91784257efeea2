import Testing

@testable import Validation

/// What RFC 4180 says and what the known collections of cases cover, with texts of our own.
///
/// The sources are named by what they test: sections of RFC 4180, the files of
/// max-mapper/csv-spectrum, the tests of Python's `test_csv`, and the dialect's properties in the
/// W3C's "Model for Tabular Data and Metadata on the Web" (csvw). Where something is a fault here
/// that is none there, docs/formats.md says why.
struct CSVConformanceTests {
    private static let cuts = [[1 << 20], [1], [3, 2]]

    @Test func `cases that are accepted`() {
        for (source, text, rows) in Self.accepted {
            for chunks in Self.cuts {
                let found = heard(Array(text.utf8), by: CSVScanner(), chunks: chunks)
                #expect(found.rows.map(\.cells) == rows, "\(source)")
                #expect(found.faults.isEmpty, "\(source)")
            }
        }
    }

    @Test func `cases that are faults`() {
        for (source, text, faults, rows) in Self.refused {
            for chunks in Self.cuts {
                let found = heard(Array(text.utf8), by: CSVScanner(), chunks: chunks)
                #expect(found.faults.map(\.kind) == faults, "\(source)")
                #expect(found.rows.map(\.cells) == rows, "\(source)")
            }
        }
    }

    @Test func `dialects that are declared`() throws {
        for (source, marks, text, rows) in Self.declared {
            var dialect = Dialect()
            dialect.delimiter = try #require(marks.utf8.first)
            dialect.quote = try #require(marks.utf8.last)
            let found = heard(Array(text.utf8), by: CSVScanner(dialect: dialect))
            #expect(found.rows.map(\.cells) == rows, "\(source)")
            #expect(found.faults.isEmpty, "\(source)")
        }
    }

    private static let accepted: [(String, String, [[String]])] = [
        // RFC 4180, section 2.
        ("2.1 records end with CRLF", "k,v\r\nred,1\r\n", [["k", "v"], ["red", "1"]]),
        ("2.2 the last may lack its end", "k,v\r\nred,1", [["k", "v"], ["red", "1"]]),
        ("2.3 a header is a record", "k,v\r\n", [["k", "v"]]),
        ("2.4 spaces are part of a field", "k, v \r\n x,\ty\r\n", [["k", " v "], [" x", "\ty"]]),
        ("2.4 a comma at the end begins a field", "k,\r\n1,\r\n", [["k", ""], ["1", ""]]),
        ("2.5 fields in quotes", "\"k\",v\r\nred,\"1\"\r\n", [["k", "v"], ["red", "1"]]),
        ("2.5 spaces inside quotes", "\" k \"\r\n", [[" k "]]),
        ("2.6 a comma in quotes", "\"k,l\",v\r\n", [["k,l", "v"]]),
        ("2.6 a line end in quotes", "\"k\r\nl\",v\r\n", [["k\r\nl", "v"]]),
        ("2.7 a quote in quotes", "\"k\"\"l\",v\r\n", [["k\"l", "v"]]),
        ("2.7 nothing but quotes", "\"\"\"\"\"\",v\r\n", [["\"\"", "v"]]),
        // csv-spectrum, by its files.
        (
            "comma_in_quotes", "who,where\nAda,\"12 Mill Lane, Ely\"\n",
            [["who", "where"], ["Ada", "12 Mill Lane, Ely"]]
        ),
        (
            "empty", "p,q,r\n7,\"\",\"\"\n8,9,\n",
            [["p", "q", "r"], ["7", "", ""], ["8", "9", ""]]
        ),
        ("empty_crlf", "p,q\r\n7,\"\"\r\n", [["p", "q"], ["7", ""]]),
        (
            "escaped_quotes", "p,q\n1,\"say \"\"when\"\"\"\n\"\"\"\"\"x\",2\n",
            [["p", "q"], ["1", "say \"when\""], ["\"\"x", "2"]]
        ),
        (
            "json", "id,what\n1,\"{\"\"type\"\": \"\"Point\"\", \"\"at\"\": [3, 4]}\"\n",
            [["id", "what"], ["1", "{\"type\": \"Point\", \"at\": [3, 4]}"]]
        ),
        (
            "location_coordinates", "place;x,note\n\"52°31′ N, 13°24′ E\",Mitte\n",
            [["place;x", "note"], ["52°31′ N, 13°24′ E", "Mitte"]]
        ),
        ("newlines", "p,q\n\"one\ntwo\n\",3\n", [["p", "q"], ["one\ntwo\n", "3"]]),
        ("newlines_crlf", "p,q\r\n\"one\r\ntwo\",3\r\n", [["p", "q"], ["one\r\ntwo", "3"]]),
        (
            "quotes_and_newlines", "p,q\n1,\"ha\n\"\"ha\"\"\nha\"\n",
            [["p", "q"], ["1", "ha\n\"ha\"\nha"]]
        ),
        ("simple", "p,q\n7,8\n", [["p", "q"], ["7", "8"]]),
        ("simple_crlf", "p,q\r\n7,8\r\n", [["p", "q"], ["7", "8"]]),
        ("utf8", "p,q\n7,ʤ\nłódź,😀\n", [["p", "q"], ["7", "ʤ"], ["łódź", "😀"]]),
        // Python, test_csv.
        ("read_eol, a line feed and CRLF in one file", "k\r\n1\n", [["k"], ["1"]]),
        ("simple, one cell", "k", [["k"]]),
        ("read_oddinputs, two quotes are an empty cell", "k,\"\"\n", [["k", ""]]),
        ("quotes_and_more, a quoted cell at the end", "k,\"v\"", [["k", "v"]]),
        ("single-quoted text is text", "'k,'v\n", [["'k", "'v"]]),
        ("space_and_quote is text where it holds no quote", "k, v\n", [["k", " v"]]),
        (
            "backslashes escape nothing", "k\\,v\\\n\"\\\"\"\",1\n",
            [["k\\", "v\\"], ["\\\"", "1"]]
        ),
        ("linenum, quoted ends count no record", "\"k\n\n\n\"\n1\n", [["k\n\n\n"], ["1"]]),
        // csvw, the dialect's defaults.
        ("commentPrefix is none", "#k,v\n#1,2\n", [["#k", "v"], ["#1", "2"]]),
        ("skipInitialSpace is false", "k,  v\n", [["k", "  v"]]),
        ("trim is false", " k ,v\n", [[" k ", "v"]]),
        ("headerRowCount is 1: names may be empty", ",v\n1,2\n", [["", "v"], ["1", "2"]]),
        ("a byte order mark is no text", "\u{FEFF}k,v\n1,2\n", [["k", "v"], ["1", "2"]]),
        ("a mark before a quote", "\u{FEFF}\"k,l\",v\n", [["k,l", "v"]]),
        ("a mark inside is text", "k,\u{FEFF}v\n", [["k", "\u{FEFF}v"]]),
        (
            "other separators of lines are text", "k\u{2028}l\u{85}m\u{B}n\n",
            [["k\u{2028}l\u{85}m\u{B}n"]]
        ),
    ]

    private static let refused: [(String, String, [ScanFault.Kind], [[String]])] = [
        (
            "RFC 4180 2.5, a quote in a field without quotes", "k,v\r\nt\"u,1\r\n", [.strayQuote],
            [["k", "v"], ["t\"u", "1"]]
        ),
        (
            "RFC 4180 2.5, text behind the closing quote", "k,v\n\"t\"u,1\n", [.strayQuote],
            [["k", "v"], ["t\"u", "1"]]
        ),
        (
            "RFC 4180 2.5, a space before the quote", "k, \"v\"\n", [.strayQuote, .strayQuote],
            [["k", " \"v\""]]
        ),
        (
            "RFC 4180 2.5, a space behind the quote", "\"k\" ,v\n", [.strayQuote],
            [["k\" ", "v"]]
        ),
        (
            "RFC 4180 ABNF, a carriage return in a field", "k\rl,v\n", [.strayCarriageReturn],
            [["k\rl", "v"]]
        ),
        (
            "RFC 4180 ABNF, a quote that is not closed", "k,v\n1,\"2\n3,4\n", [.unbalancedQuote],
            [["k", "v"]]
        ),
        (
            "python read_eol, ends of carriage returns alone", "k,v\r1,2\r",
            [.strayCarriageReturn, .strayCarriageReturn], [["k", "v\r1", "2\r"]]
        ),
        ("python read_eof, a quote opens at the end", "k,\"", [.unbalancedQuote], []),
        ("python read_eof, the file ends inside quotes", "\"k", [.unbalancedQuote], []),
        ("python strict, three quotes", "\"\"\"\n", [.unbalancedQuote], []),
        ("python lone_quote", "k,v\"\n", [.strayQuote], [["k", "v\""]]),
        ("python null, a NUL", "k,a\0b\n", [.nulByte], [["k", "a\0b"]]),
        ("python blank line", "k\n\n1\n", [.blankRow], [["k"], ["1"]]),
        (
            "csvw skipBlankRows is not done silently", "k,v\r\n\r\n1,2\r\n", [.blankRow],
            [["k", "v"], ["1", "2"]]
        ),
        ("a file of line ends", "\n\r\n", [.blankRow, .blankRow], []),
    ]

    /// The dialect is its delimiter and its quote.
    private static let declared: [(String, String, String, [[String]])] = [
        ("csvw delimiter, tabs", "\t\"", "k\tv\n\"1\t2\"\t3,4\n", [["k", "v"], ["1\t2", "3,4"]]),
        ("csvw delimiter, semicolons", ";\"", "k;v\n1,5;2\n", [["k", "v"], ["1,5", "2"]]),
        ("csvw quoteChar", ",'", "k,v\n'1,''2',\"\n", [["k", "v"], ["1,'2", "\""]]),
        ("python delimiter, a space", " \"", "k v\n1 \"2 3\"\n", [["k", "v"], ["1", "2 3"]]),
        ("python delimiter, a control character", "\u{1}\"", "k\u{1}v\n", [["k", "v"]]),
        ("python delimiter, a bar beside quotes", "|\"", "\"k|l\"|\"\"\"\"\n", [["k|l", "\""]]),
    ]
}
