package import Domain

/// The plans of a commit's models.
///
/// Each is kept in a box, so that the plan of the next commit, which differs in one model, copies
/// references and not ten thousand plans.
package struct ModelPlans: Sendable {
    private final class Box: Sendable {
        let plan: ModelPlan

        init(_ plan: ModelPlan) { self.plan = plan }
    }

    private var boxes: [ModelName: Box] = [:]

    package init() {}

    package var keys: some Collection<ModelName> { boxes.keys }
    package var values: some Sequence<ModelPlan> { boxes.values.lazy.map(\.plan) }
    package var count: Int { boxes.count }
    package var isEmpty: Bool { boxes.isEmpty }

    package subscript(model: ModelName) -> ModelPlan? {
        get { boxes[model]?.plan }
        set { boxes[model] = newValue.map(Box.init) }
    }
}

extension ModelPlans: Sequence {
    package typealias Element = (key: ModelName, value: ModelPlan)

    package func makeIterator() -> AnyIterator<Element> {
        var boxes = boxes.makeIterator()
        return AnyIterator { boxes.next().map { ($0.key, $0.value.plan) } }
    }
}

extension ModelPlans: Equatable {
    package static func == (left: ModelPlans, right: ModelPlans) -> Bool {
        left.count == right.count
            && left.boxes.allSatisfy { model, box in
                guard let other = right.boxes[model] else { return false }
                return box === other || box.plan == other.plan
            }
    }
}
