package city.canopy.core.app;

import city.canopy.core.demo.Demo;

/** What the demo command gives to a demo, for tests elsewhere. */
public final class DemoStages {
    private DemoStages() {}

    public static Demo.Stage stage(Service service) {
        return DemoCommand.stage(service);
    }

    public static Demo.Wish wish(CoreConfig config) {
        return DemoCommand.wish(config);
    }
}
