import Crypto
import Domain
import TestKit
import Testing

@testable import Validation

@Suite struct PreparedSplitTests {
    private let shares = [("train", 0.7), ("valid", 0.1), ("test", 0.2)]

    private func split(
        _ part: String, _ method: RowSplit.Method, _ columns: [String] = [], seed: Int = 0
    ) -> PreparationStep.Action {
        .split(
            RowSplit(
                part: part, parts: shares.map { .init(name: $0.0, bound: .share($0.1)) },
                method: method, columns: columns, seed: seed))
    }

    /// Rows of id, customer, class, weight and time.
    private func table(_ rows: Int, seed: UInt64) -> String {
        var random = Seeded(state: seed)
        return "id,customer,class,weight,time\n"
            + (0..<rows).map { id in
                let customer = Int.random(in: 0..<max(1, rows / 7), using: &random)
                let kind = ["a", "b", "c"][Int.random(in: 0..<10, using: &random) / 4]
                let day = Int.random(in: 10..<29, using: &random)
                return "\(id),c\(customer),\(kind),\(id % 5),2024-01-\(day)\n"
            }.joined()
    }

    private func parts(
        _ text: String, _ method: RowSplit.Method, _ columns: [String] = [], seed: Int = 0,
        manner: Manner = Manner()
    ) async throws -> [[[String]]] {
        var found: [[[String]]] = []
        for (name, _) in shares {
            found.append(
                try await prepared(
                    text, by: [split(name, method, columns, seed: seed)], manner: manner
                ).rows)
        }
        return found
    }

    private func ids(_ rows: [[String]]) -> [Int] { rows.compactMap { Int($0[0]) } }

    @Test(arguments: RowSplit.Method.allCases, [0, 1, 2, 3, 50, 997])
    func `the parts have every row once, in its order`(_ method: RowSplit.Method, _ rows: Int)
        async throws
    {
        let columns: [String] =
            switch method {
            case .random: []
            case .stratified: ["class"]
            case .group, .hash: ["customer"]
            case .time: ["time"]
            }
        let text = table(rows, seed: 5)
        let found = try await parts(text, method, columns).map(ids)
        #expect(found.joined().sorted() == Array(0..<rows))
        for part in found { #expect(part == part.sorted()) }
        for manner in Manner.all {
            #expect(
                try await parts(text, method, columns, manner: manner).map(ids) == found,
                "\(manner)")
        }
        guard method != .time, rows > 40 else { return }
        #expect(try await parts(text, method, columns, seed: 1).map(ids) != found)
    }

    @Test(arguments: [10, 11, 64, 1000])
    func `random shares are exact, of every class too where they are asked for`(_ rows: Int)
        async throws
    {
        for seed in 0..<5 {
            let text = table(rows, seed: UInt64(seed))
            let random = try await parts(text, .random, seed: seed)
            for (part, share) in zip(random, shares) {
                #expect(abs(Double(part.count) - share.1 * Double(rows)) < 1.5, "seed \(seed)")
            }
            let stratified = try await parts(text, .stratified, ["class"], seed: seed)
            for kind in ["a", "b", "c"] {
                let total = stratified.joined().count { $0[2] == kind }
                for (part, share) in zip(stratified, shares) {
                    let found = part.count { $0[2] == kind }
                    #expect(abs(Double(found) - share.1 * Double(total)) < 2, "seed \(seed)")
                }
            }
        }
    }

    @Test func `groups and equal times stay together, shares as near as they allow`() async throws {
        let text = table(2000, seed: 3)
        let groups = try await parts(text, .group, ["customer"])
        let customers = groups.map { Set($0.map { $0[1] }) }
        #expect(customers[0].isDisjoint(with: customers[2]))
        #expect(customers.map(\.count).reduce(0, +) == Set(groups.joined().map { $0[1] }).count)
        for (part, share) in zip(groups, shares) {
            #expect(abs(Double(part.count) / 2000 - share.1) < 0.02)
        }
        let times = try await parts(text, .time, ["time"])
        let days = times.map { Set($0.map { $0[4] }) }
        #expect(try #require(days[0].max()) < (try #require(days[1].min())))
        #expect(try #require(days[1].max()) < (try #require(days[2].min())))
        for (part, share) in zip(times, shares) {
            #expect(abs(Double(part.count) / 2000 - share.1) < 0.06)
        }
    }

    @Test func `by hash no row moves when data grows or shrinks`() async throws {
        let rows = table(3000, seed: 9).split(separator: "\n")
        let whole = rows.joined(separator: "\n") + "\n"
        var shorter =
            [rows[0]] + rows[1...].enumerated().filter { $0.offset % 3 != 0 }.map(\.element)
        shorter = [shorter[0]] + shorter[1...].reversed()
        let all = try await parts(whole, .hash, ["customer"]).map { Set(ids($0)) }
        let some = try await parts(shorter.joined(separator: "\n") + "\n", .hash, ["customer"])
            .map { Set(ids($0)) }
        for (part, known) in zip(some, all) { #expect(part.isSubset(of: known)) }
        #expect(some.map(\.count).reduce(0, +) == 2000)
        for (part, share) in zip(all, shares) {
            #expect(abs(Double(part.count) / 3000 - share.1) < 0.06)
        }
    }

    /// As docs/preparing.md has it, in other words than the code's.
    @Test func `a hash is what the guide says`() async throws {
        let made = try await prepared(
            "a,b\nx,\n\"y,z\",é\n", by: [split("train", .hash, ["a", "b"], seed: 7)])
        let keys = [("x,", "1:x,-,"), ("\"y,z\",é", "3:y,z,2:é,")]
        let kept = keys.filter { _, key in
            let bytes = Array(SHA256.hash(data: Array("slipway split 1\n7\n\(key)".utf8)))
            let top = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Double(top >> 11) / 9_007_199_254_740_992 < 0.7
        }
        #expect(made.text == (["a,b"] + kept.map(\.0)).joined(separator: "\n") + "\n")
    }

    /// The same walk over rows that are sorted in memory.
    @Test func `a random split is what the guide says`() async throws {
        let seed = Array(SHA256.hash(data: Array("slipway split 1\n42\n".utf8)))
        let state = seed.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let numbers = (0..<500).map { row -> UInt64 in
            var generator = Seeded(state: state &+ UInt64(row) &* 0x9E37_79B9_7F4A_7C15)
            return generator.next()
        }
        var counts = [0, 0, 0]
        var expected: [[Int]] = [[], [], []]
        for (position, row) in (0..<500).sorted(by: { numbers[$0] < numbers[$1] }).enumerated() {
            let lacks = shares.indices.map {
                shares[$0].1 * Double(position + 1) - Double(counts[$0])
            }
            let part = lacks.firstIndex(of: lacks.max() ?? 0) ?? 0
            counts[part] += 1
            expected[part].append(row)
        }
        let found = try await parts(table(500, seed: 1), .random, seed: 42)
        #expect(found.map(ids) == expected.map { $0.sorted() })
    }

    @Test func `moments bound parts, and what has no time is refused`() async throws {
        func action(_ part: String) -> PreparationStep.Action {
            .split(
                RowSplit(
                    part: part,
                    parts: [
                        .init(name: "old", bound: .until("2024-01-02")),
                        .init(name: "mid", bound: .until("2024-01-03T12:00:00+02:00")),
                        .init(name: "new", bound: .rest),
                    ], method: .time, columns: ["t"]))
        }
        let text =
            "t,i\n2024-01-01T23:59:59Z,1\n2024-01-02,2\n2024-01-03T10:00:00Z,3\n"
            + "2024-01-03T09:59:59.999Z,4\n"
        #expect(try await prepared(text, by: [action("old")]).column(1) == ["1"])
        #expect(try await prepared(text, by: [action("mid")]).column(1) == ["2", "4"])
        #expect(try await prepared(text, by: [action("new")]).column(1) == ["3"])
        #expect(
            try await refusal("t,i\n,1\n", by: [action("new")])
                == "f0.csv:2:1: column `t`: it is missing, and is neither a day nor a time "
                + "(step 1, split)")
    }

    @Test func `samples have their size, and strata and weights their shares`() async throws {
        let text = table(1000, seed: 4)
        func sample(_ sampling: RowSampling) async throws -> Made {
            let made = try await prepared(text, by: [.sample(sampling)])
            for manner in Manner.all {
                #expect(
                    try await prepared(text, by: [.sample(sampling)], manner: manner).text
                        == made.text, "\(manner)")
            }
            return made
        }
        #expect(try await sample(.init(size: .rows(123))).rows.count == 123)
        #expect(try await sample(.init(size: .rows(5000))).rows.count == 1000)
        #expect(try await sample(.init(size: .share(0.25))).rows.count == 250)
        let strata = try await sample(.init(size: .rows(100), strata: ["class"]))
        #expect(strata.rows.count == 100)
        for kind in ["a", "b", "c"] {
            let total = text.split(separator: "\n").count { $0.contains(",\(kind),") }
            let found = strata.rows.count { $0[2] == kind }
            #expect(abs(Double(found) - Double(total) / 10) <= 1)
        }
        let weighted = try await sample(.init(size: .rows(200), weight: "weight"))
        #expect(weighted.rows.count == 200)
        let counts = (0..<5).map { weight in
            weighted.rows.count { $0[3] == String(weight) }
        }
        #expect(counts[0] == 0 && counts[4] > counts[1] + 20, "\(counts)")
        let key = try await sample(.init(size: .share(0.5), key: ["customer"]))
        let customers = Set(key.column(1))
        #expect(
            text.split(separator: "\n").dropFirst().count { row in
                customers.contains(String(row.split(separator: ",")[1]))
            } == key.rows.count)
    }
}
