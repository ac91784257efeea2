import Domain
import Testing
import Training

@Suite struct StepGraphTests {
    private func step(_ name: String, needs: [String] = []) -> StepDeclaration {
        StepDeclaration(
            name: StepName(checked: name), run: "true", needs: needs.map(StepName.init(checked:)))
    }

    @Test func `a need that is no step is named`() {
        #expect(
            throws: TrainingError.unknownNeed(
                step: StepName(checked: "a"), need: StepName(checked: "b"))
        ) { try StepGraph(steps: [step("a", needs: ["b"])]) }
    }

    @Test func `a name that stands twice is named`() {
        #expect(throws: TrainingError.twice(StepName(checked: "a"))) {
            try StepGraph(steps: [step("a"), step("a")])
        }
    }

    @Test func `a ring is told with its steps alone`() {
        let error = #expect(throws: TrainingError.self) {
            try StepGraph(steps: [
                step("free"), step("a", needs: ["free", "c"]), step("b", needs: ["a"]),
                step("c", needs: ["b"]), step("after", needs: ["c"]),
            ])
        }
        #expect(
            error?.description == "steps wait for each other: `a` needs `c` needs `b` needs `a`")
    }

    @Test func `a step that needs itself is a ring`() {
        #expect(throws: TrainingError.ring([StepName(checked: "a")])) {
            try StepGraph(steps: [step("a", needs: ["a"])])
        }
    }

    @Test func `only what leads to a goal past the given outputs is left`() throws {
        let graph = try StepGraph(steps: [
            step("prepare"), step("split"), step("train", needs: ["prepare", "split"]),
            step("evaluate", needs: ["train", "split"]), step("export", needs: ["train"]),
        ])
        func names(_ goals: [String]?, _ given: [String]) -> [String] {
            graph.leading(
                to: goals.map { Set($0.map(StepName.init(checked:))) },
                given: Set(given.map(StepName.init(checked:)))
            ).steps.map(\.name.text)
        }
        #expect(names(nil, []) == ["prepare", "split", "train", "evaluate", "export"])
        #expect(names(nil, ["train"]) == ["split", "train", "evaluate", "export"])
        #expect(names(["evaluate"], ["train"]) == ["split", "train", "evaluate"])
        #expect(names(["evaluate"], ["train", "split"]) == ["split", "train", "evaluate"])
        #expect(names(["train"], []) == ["prepare", "split", "train"])
        let left = graph.leading(to: nil, given: [StepName(checked: "train")])
        #expect(left.steps.first { $0.name.text == "train" }?.needs == [])
    }

    /// All 4096 graphs of four steps, and in each without a ring all 256 states.
    @Test func `what is ready is right in every state of every small graph`() throws {
        let names = ["a", "b", "c", "d"]
        var withoutRing = 0
        for bits in 0..<4096 {
            let needs = needs(of: bits)
            let steps = names.indices.map { index in
                step(names[index], needs: needs[index].map { names[$0] })
            }
            if hasRing(needs) {
                #expect(throws: TrainingError.self) { try StepGraph(steps: steps) }
                continue
            }
            withoutRing += 1
            checkEveryState(of: try StepGraph(steps: steps), needs)
        }
        // The number of labelled acyclic graphs on four nodes (OEIS A003024).
        #expect(withoutRing == 543)
    }

    private func needs(of bits: Int) -> [[Int]] {
        var bit = 0
        var needs: [[Int]] = [[], [], [], []]
        for from in 0..<4 {
            for to in 0..<4 where from != to {
                if bits >> bit & 1 == 1 { needs[from].append(to) }
                bit += 1
            }
        }
        return needs
    }

    /// By reachability, which is another way than that of the graph itself.
    private func hasRing(_ needs: [[Int]]) -> Bool {
        var reaches = (0..<4).map { from in (0..<4).map { needs[from].contains($0) } }
        for middle in 0..<4 {
            for from in 0..<4 {
                for to in 0..<4 where reaches[from][middle] && reaches[middle][to] {
                    reaches[from][to] = true
                }
            }
        }
        return (0..<4).contains { reaches[$0][$0] }
    }

    private func checkEveryState(of graph: StepGraph, _ needs: [[Int]]) {
        for state in 0..<256 {
            let states = (0..<4).map { state >> (2 * $0) & 3 }
            func those(_ wanted: Int) -> Set<StepName> {
                Set((0..<4).filter { states[$0] == wanted }.map { graph.steps[$0].name })
            }
            let ready = graph.ready(done: those(1), running: those(2), failed: those(3))
            let expected = (0..<4).filter { index in
                states[index] == 0 && needs[index].allSatisfy { states[$0] == 1 }
            }.map { graph.steps[$0].name }
            if ready != expected { Issue.record("\(needs) in \(states): \(ready)") }
        }
    }
}
