package struct LayersPane: Sendable { package init() {} }
