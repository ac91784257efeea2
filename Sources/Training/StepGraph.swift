package import Domain

/// The steps of a model and what each waits for: every need exists and nothing waits for itself.
package struct StepGraph: Hashable, Sendable {
    /// In the order of the declaration.
    package let steps: [StepDeclaration]

    /// Throws when a name stands twice, a need is no step, or steps wait for each other in a ring.
    package init(steps: [StepDeclaration]) throws(TrainingError) {
        var names: Set<StepName> = []
        for step in steps where !names.insert(step.name).inserted {
            throw TrainingError.twice(step.name)
        }
        for step in steps {
            for need in step.needs where !names.contains(need) {
                throw TrainingError.unknownNeed(step: step.name, need: need)
            }
        }
        self.steps = steps
        let ring = ring()
        guard ring.isEmpty else { throw TrainingError.ring(ring) }
    }

    /// The steps that can start now, in the order of the declaration: all they need is done, and
    /// they are neither done nor running nor failed themselves.
    package func ready(
        done: Set<StepName>, running: Set<StepName>, failed: Set<StepName>
    ) -> [StepName] {
        steps.filter { step in
            !done.contains(step.name) && !running.contains(step.name)
                && !failed.contains(step.name) && step.needs.allSatisfy(done.contains)
        }.map(\.name)
    }

    /// The part of the graph that leads to the goals when some outputs are given.
    ///
    /// A given step needs nothing, so what only it needed is left out. Without goals, they are the
    /// steps that nobody needs and that are not given themselves.
    package func leading(to goals: Set<StepName>?, given: Set<StepName>) -> StepGraph {
        if goals == nil && given.isEmpty { return self }
        let needed = Set(steps.flatMap(\.needs))
        var open = goals ?? Set(steps.map(\.name)).subtracting(needed).subtracting(given)
        var kept: Set<StepName> = []
        while let name = open.popFirst() {
            guard kept.insert(name).inserted, !given.contains(name) else { continue }
            open.formUnion(steps.first { $0.name == name }?.needs ?? [])
        }
        let part = steps.filter { kept.contains($0.name) }.map { step in
            var step = step
            if given.contains(step.name) { step.needs = [] }
            return step
        }
        return StepGraph(checked: part)
    }

    private init(checked steps: [StepDeclaration]) { self.steps = steps }

    /// The steps that wait for each other, empty when there are none.
    ///
    /// Takes away whatever can run until nothing changes; from what is left, following first
    /// needs must come round.
    private func ring() -> [StepName] {
        var done: Set<StepName> = []
        while case let next = ready(done: done, running: [], failed: []), !next.isEmpty {
            done.formUnion(next)
        }
        var path: [StepName] = []
        var current = steps.first { !done.contains($0.name) }
        while let step = current {
            if let start = path.firstIndex(of: step.name) { return Array(path[start...]) }
            path.append(step.name)
            let need = step.needs.first { !done.contains($0) }
            current = steps.first { $0.name == need }
        }
        return []
    }
}
