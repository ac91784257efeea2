/// Something that a run reported while it was under way, as people watch it.
package struct MetricPoint: Hashable, Codable, Sendable {
    package var step: Int
    package var name: String
    package var value: Double

    package init(step: Int, name: String, value: Double) {
        self.step = step
        self.name = name
        self.value = value
    }
}
