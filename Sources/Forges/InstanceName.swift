import Domain

/// What this daemon is called on forges, so that two that watch one project keep apart.
package struct InstanceName: Name {
    package let text: String
    package init(checked text: String) { self.text = text }
}
