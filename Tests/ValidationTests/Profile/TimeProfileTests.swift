import Domain
import Testing

@testable import Validation

/// Columns of days and moments are counted as seconds since 1970, and told as what they are.
struct TimeProfileTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func found(
        _ text: String, _ columns: [ColumnDeclaration], format: DatasetManifest.Format = .csv,
        chunkBytes: Int = 1 << 20
    ) async throws -> DatasetProfile {
        let file = try folder.add("d", text)
        let counted = try await profile(
            manifest([file], columns, format: format), root: folder.path,
            options: ProfileOptions(validation: ValidationOptions(chunkBytes: chunkBytes)))
        return try #require(counted.profile)
    }

    private func seconds(_ text: String) throws -> Double {
        secondsSince1970(try #require(boundMoment(text)))
    }

    /// With zeros in front.
    private func digits(_ value: Int, _ count: Int) -> [UInt8] {
        let text = "\(value)"
        return Array((String(repeating: "0", count: count - text.count) + text).utf8)
    }

    @Test func `the seconds of a plain day are those that the exact reader finds`() {
        for year in stride(from: 0, through: 9999, by: 1) {
            for (month, day) in [(1, 1), (2, 28), (3, 1), (year % 12 + 1, year % 28 + 1), (12, 31)]
            {
                var text = digits(year, 4)
                for part in [month, day] { text += [UInt8(ascii: "-")] + digits(part, 2) }
                text += Array("T23:59:58Z".utf8)
                var found: (day: Int64, moment: Int64) = (0, 0)
                unsafe withPadding(text) { start, length in
                    let isPlain = unsafe isPlainDate(start) && isPlainDateTime(start, length)
                    guard isPlain else { return }
                    found = unsafe (plainDaySeconds(start), plainSeconds(start))
                }
                let exact = firstMoment(ofDate: year * 10_000 + month * 100 + day)
                #expect(Double(found.day) == secondsSince1970(exact))
                #expect(found.moment == found.day + 86_398)
            }
        }
    }

    @Test func `days and moments are numbers that people read as what they are`() async throws {
        let text = """
            day,at
            2024-02-29,2024-01-01T00:00:00Z
            1969-12-31,2024-01-01 02:00:00+02:00
            2024-03-01,2024-01-01T00:00:00.5
            no,2024-01-03T00:00:00+00:00
            ,-999
            0000-01-01,

            """
        let (first, last) = (try seconds("0000-01-01"), try seconds("2024-03-01"))
        let (latest, half) = (try seconds("2024-01-03"), try seconds("2024-01-01T00:00:00.5"))
        for chunk in [31, 1 << 20] {
            let profile = try await found(
                text, [column("day", .date), column("at", .datetime)], chunkBytes: chunk)
            let (day, at) = (profile.columns[0], profile.columns[1])
            #expect([day.kind, at.kind] == [.date, .datetime])
            #expect([day.invalid, at.invalid] == [1, 1])
            #expect(day.lookAlikes.isEmpty && at.lookAlikes.map(\.text) == ["-999"])
            #expect(day.numbers?.min == first && day.numbers?.max == last)
            #expect(at.distinct.count == 3, "two cells are the same moment")
            #expect(at.numbers?.max == latest)
            #expect([day.leastText, day.greatestText] == ["0000-01-01", "2024-03-01"])
            #expect(
                [at.leastText, at.greatestText] == ["2024-01-01T00:00:00Z", "2024-01-03T00:00:00Z"])
            #expect(at.kind.cellText(half) == "2024-01-01T00:00:00.500Z")
            #expect(at.kind.figureText(half) == "2024-01-01T00:00:00Z")
            let shown = profile.hidingCells
            #expect(shown.columns[0].numbers == nil)
            #expect(shown.columns[0].times?.max == "2024-03-01")
            #expect(shown.columns[0].times?.deciles.first == "0000-01-01")
            let values = shown.columns[1].values.items
            #expect(values.first?.text == "2024-01-01T00:00:00Z" && values.first?.count == 2)
            #expect(values.allSatisfy { $0.number == nil })
            #expect(try DatasetProfile(canonicalJSON: profile.canonicalJSON) == profile)
        }
    }

    @Test func `other ways to write a day come to the same profile`() async throws {
        let days = (1...28).flatMap { [($0, 2), ($0, 11)] }
        func two(_ value: Int) -> String { String(decoding: digits(value, 2), as: UTF8.self) }
        let plain = days.map { "2023-\(two($0.1))-\(two($0.0))" }
        let table = try await found(
            "d\n" + plain.joined(separator: "\n") + "\n", [column("d", .date)])
        let lines = try await found(
            plain.map { "{\"d\":\"\($0)\"}\n" }.joined(), [column("d", .date)], format: .jsonl)
        var german = column("d", .date)
        german.notation.pattern = "%d.%m.%Y"
        let written = days.map { "\(two($0.0)).\(two($0.1)).2023\n" }.joined()
        let other = try await found("d\n" + written, [german])
        // Bounds, so that each day is looked at.
        var bounded = column("d", .date)
        (bounded.earliest, bounded.latest) = ("2023-03-01", "2023-04-01")
        let wrong = try await found("d\n" + plain.joined(separator: "\n") + "\n", [bounded])
        #expect(table.columns[0].distinct.count == 56)
        for one in [lines, other, wrong] { #expect(one.columns == table.columns) }
    }

    @Test func `values of typed files have the seconds that their texts have`() {
        var writer = CellWriter(capacity: 64)
        func text() -> [UInt8] { Array(writer.storage[..<writer.count]) }
        for day in [-719_528, -1, 0, 59, 19_782, 2_932_896] as [Int64] {
            writer.clear()
            let found = writer.write(word: UInt64(bitPattern: day), .date)
            let value = dateValue(text().span, 0..<writer.count)
            #expect(value.map { secondsSince1970(firstMoment(ofDate: $0)) } == found.number)
        }
        for (value, unit) in [
            (-1, ValueForm.Unit.micros), (1_704_067_200_500, .millis), (86_399, .seconds),
        ] as [(Int64, ValueForm.Unit)] {
            writer.clear()
            let found = writer.write(
                word: UInt64(bitPattern: value), .timestamp(unit, isUTC: true))
            let moment = momentValue(text().span, 0..<writer.count)
            #expect(moment.map { abs(secondsSince1970($0) - found.number) < 1e-6 } == true)
        }
    }

    @Test func `a column of days goes on from its profile`() async throws {
        func days(_ range: Range<Int>) -> String {
            "d\n" + range.map { "20\(10 + $0 % 20)-0\(1 + $0 % 9)-1\($0 % 10)\n" }.joined()
        }
        let parts = [
            try await found(days(0..<300), [column("d", .date)]),
            try await found(days(300..<700), [column("d", .date)]),
        ]
        let whole = try await found(days(0..<700), [column("d", .date)])
        let merged = try parts[0].merged(with: parts[1])
        #expect(merged.columns[0].numbers == whole.columns[0].numbers)
        #expect(merged.columns[0].values == whole.columns[0].values)
    }

    @Test func `a page has dates at its axis and no figure of a date as a number`() async throws {
        let rows = (0..<400).map { "2024-0\(1 + $0 % 9)-\(10 + $0 % 18)\n" }.joined()
        let profile = try await found("d\n" + rows, [column("d", .date)])
        let bars = try #require(ColumnBars(profile.columns[0], baseline: nil)).bars
        #expect(bars.first?.label.hasPrefix("up to 2024-01-") == true, "\(bars.first?.label ?? "")")
        #expect(bars.last?.label.hasSuffix(" to more") == true)
        let page = DatasetPage(
            title: "d", subtitle: "",
            report: ValidationReport(
                dataset: DatasetName(checked: "d"), files: [], violations: [], cells: 0),
            profile: profile
        ).html
        #expect(page.contains("<dt>minimum</dt><dd>2024-01-"), "\(page)")
        #expect(page.contains("<dt>mean</dt><dd>2024-0"))
        #expect(!page.contains("Tukey") && !page.contains("17040"))
    }
}
