import Domain
import TestKit
import Testing

@testable import Daemon
@testable import Git

/// What reviewers' tags are about, kept up to date by what changes.
@Suite struct ReviewTagsTests {
    private let ada = ModelName(checked: "ada")

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `after any changes it knows what a first look would`(seed: UInt64) {
        var random = Seeded(state: seed)
        var spaces: [[String: Int]] = [[:], [:]]
        var tags = ReviewTags()
        for _ in 0..<60 {
            var expected: Set<Substring> = []
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                let space = Int.random(in: 0...1, using: &random)
                let subject = ["ada", "policy", "zoo", "Not a model"].randomElement(
                    using: &random)!
                let name = "\(subject)/\(Int.random(in: 0..<6, using: &random))"
                let target =
                    Bool.random(using: &random) ? Int.random(in: 0..<9, using: &random) : nil
                if spaces[space][name] != target { expected.insert(subject[...]) }
                spaces[space][name] = target
            }
            let found = references(spaces)
            let moved = tags.take(found)
            // A tag may have moved back within one look.
            #expect(moved.isSubset(of: expected), "seed \(seed)")
            var fresh = ReviewTags()
            _ = fresh.take(found)
            compare(tags, fresh, "seed \(seed)")
        }
    }

    @Test func `what did not move is not named`() {
        var tags = ReviewTags()
        #expect(tags.take(references([["ada/1": 1, "zoo/1": 2], [:]])) == ["ada", "zoo"])
        #expect(tags.take(references([["ada/1": 1, "zoo/1": 2], [:]])).isEmpty)
        #expect(
            tags.take(references([["ada/1": 1, "zoo/1": 3], ["ada/1": 1]])) == ["ada", "zoo"])
        #expect(tags.take(references([["zoo/1": 3], ["ada/1": 1]])) == ["ada"])
        #expect(tags.refs(of: ada).map(\.name) == ["refs/tags/reject/ada/1"])
        #expect(tags.strangers(to: [ada], shownMax: 5).first == ["approve/zoo/1"])
    }

    private func compare(_ tags: ReviewTags, _ fresh: ReviewTags, _ seed: Comment) {
        for model in [ada, ModelName(checked: "zoo"), .policy] {
            #expect(tags.refs(of: model) == fresh.refs(of: model), seed)
        }
        let (some, all) = (
            tags.strangers(to: [ada], shownMax: 3), fresh.strangers(to: [ada], shownMax: 100)
        )
        #expect(some.count == all.count && some.first == Array(all.first.prefix(3)), seed)
        let known = (0..<9).map { number in
            SeenTag(
                tag: object(number), ref: "", kind: .approve, evidence: nil, principal: nil)
        }
        #expect(tags.gone(from: known) == fresh.gone(from: known), seed)
    }

    private func references(_ spaces: [[String: Int]]) -> [[Reference]] {
        zip(ReviewTags.prefixes, spaces).map { prefix, names in
            names.sorted { $0.key < $1.key }.map { name, number in
                Reference(
                    name: prefix + name, target: object(number), commit: nil, isAnnotatedTag: true)
            }
        }
    }

    private func object(_ number: Int) -> ObjectID {
        ObjectID(checked: String(repeating: "\(number)", count: 40))
    }
}
