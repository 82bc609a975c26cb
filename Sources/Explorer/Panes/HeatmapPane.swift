package struct HeatmapPane: Sendable { package init() {} }
