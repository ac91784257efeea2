import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Planning

private func instant(_ text: String) -> Instant {
    let digits = text.utf8.filter { (48...57).contains($0) }.map { Int($0) - 48 }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
    let time = CivilTime(
        year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: number(8..<10),
        minute: number(10..<12))
    return Instant(seconds: time.minutes * 60)
}

private func zone(_ name: String) throws -> ZoneRules {
    if name == "UTC" { return .utc }
    let path = "/usr/share/zoneinfo/\(name)"
    let data = try #require(FileManager.default.contents(atPath: path), "no \(path)")
    return try #require(ZoneRules(tzif: Array(data)))
}

@Suite struct ScheduleTests {
    @Test(arguments: [
        ("0 3 * * 1", "2026-11-21T06:00Z", "2026-11-23T03:00:00Z"),
        ("0 3 * * 1", "2026-11-23T03:00Z", "2026-11-30T03:00:00Z"),
        ("*/15 * * * *", "2026-11-21T06:07Z", "2026-11-21T06:15:00Z"),
        ("30 12 29 2 *", "2026-11-21T06:07Z", "2028-02-29T12:30:00Z"),
        ("0 0 13 * fri", "2026-11-21T06:07Z", "2026-11-27T00:00:00Z"),
        ("0 0 1 jan,jul *", "2026-11-21T06:07Z", "2027-01-01T00:00:00Z"),
        ("59 23 31 12 *", "2026-12-31T23:59Z", "2027-12-31T23:59:00Z"),
        ("5/20 0 * * 7", "2026-11-22T00:05Z", "2026-11-22T00:25:00Z"),
    ])
    func `the next moment is cron's`(cron: String, after: String, next: String) throws {
        let found = try CronExpression(cron).next(after: instant(after), in: .utc)
        #expect(found?.description == next)
    }

    @Test(arguments: [
        // Clocks jump from 02:00 to 03:00: what is left out comes when they have jumped.
        ("30 2 * * *", "2026-03-28T12:00Z", "2026-03-29T01:00:00Z"),
        ("30 2 * * *", "2026-03-29T01:00Z", "2026-03-30T00:30:00Z"),
        // Clocks go back from 03:00 to 02:00: what comes twice is taken once.
        ("30 2 * * *", "2026-10-24T12:00Z", "2026-10-25T00:30:00Z"),
        ("30 2 * * *", "2026-10-25T00:30Z", "2026-10-26T01:30:00Z"),
        ("0 3 * * 1", "2040-07-01T00:00Z", "2040-07-02T01:00:00Z"),
    ])
    func `clocks that change are followed`(cron: String, after: String, next: String) throws {
        let found = try CronExpression(cron).next(
            after: instant(after), in: try zone("Europe/Berlin"))
        #expect(found?.description == next)
    }

    @Test(arguments: [
        ("", "five fields"), ("* * * *", "five fields"), ("60 * * * *", "minute"),
        ("* 24 * * *", "hour"), ("* * 0 * *", "day of the month"), ("* * * 13 *", "month"),
        ("* * * * 8", "day of the week"), ("5-1 * * * *", "minute"), ("*/0 * * * *", "step"),
        ("1,,2 * * * *", "minute"), ("-1 * * * *", "minute"), ("0 0 30 2 *", "no date"),
        ("0 0 1 foo *", "month"), ("1/2/3 * * * *", "minute"),
    ])
    func `what is no schedule says which field is wrong`(cron: String, word: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(cron) }
        #expect(error?.description.contains(word) == true, "\(error as Any)")
    }

    /// The offsets of the zone database, as Python's zoneinfo reads it, are ours at any moment.
    @Test(arguments: [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
        "America/Sao_Paulo", "Africa/Casablanca", "Europe/Dublin", "Pacific/Apia",
    ])
    func `offsets are those of the zone database`(name: String) throws {
        let rules = try zone(name)
        var seed: UInt64 = 42
        let moments = (0..<400).map { _ in
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(seed >> 32) % 4_000_000_000
        }
        struct Question: Encodable {
            var zone: String
            var moments: [Int64]
        }
        let input = try JSONEncoder().encode(Question(zone: name, moments: moments))
        let offsets = try JSONDecoder().decode(
            [Int64].self, from: Data(try python("zone_oracle.py", input)))
        #expect(offsets.count == moments.count)
        for (moment, offset) in zip(moments, offsets) {
            #expect(rules.offsetSeconds(at: moment) == offset, "\(name) at \(moment)")
        }
    }

    @Test func `a zone that nobody knows has its place, and the name that was meant`() async throws
    {
        let path = "models/digits/model.yaml"
        let model = digits[path] ?? ""
        let planner = Planner()
        func problems(_ zone: String) async throws -> [Diagnostic] {
            let text = model + "\nschedule: \"0 3 * * 1\"\nschedule_zone: \(zone)\n"
            let plan = try await planned(digits.setting(path, to: text), by: planner)
            #expect(plan.allDiagnostics.isEmpty)
            return plan.unknownZones(
                isKnown: { $0 == "Europe/Berlin" }, names: { ["Europe/Berlin", "Asia/Tokyo"] })
        }
        let mars = try #require(try await problems("Mars/X").first)
        #expect(mars.message == "there is no time zone `Mars/X`" && mars.severity == .error)
        let line = model.split(separator: "\n", omittingEmptySubsequences: false).count + 2
        #expect(mars.place.file == path && mars.place.line == line)
        let near = try await problems("Europe/Berln")
        #expect(
            near.map(\.message) == [
                "there is no time zone `Europe/Berln`; did you mean `Europe/Berlin`?"
            ])
        #expect(try await problems("Europe/Berlin").isEmpty)
        let plain = try await planned(digits, by: planner)
        #expect(plain.unknownZones(isKnown: { _ in false }, names: { [] }).isEmpty)
    }

    @Test func `what is no zone file is refused`() {
        #expect(ZoneRules(tzif: []) == nil)
        #expect(ZoneRules(tzif: Array("TZif2".utf8)) == nil)
        #expect(ZoneRules(tzif: [UInt8](repeating: 255, count: 500)) == nil)
    }
}
