namespace WeChatUnion.Api.Infrastructure.Privacy.Registry;

internal static class RegistryRegistration
{
    /// <summary>The column registry, what works by it, and the rules of tables that no module owns.</summary>
    public static IServiceCollection AddColumnRegistry(this IServiceCollection services) => services
        .AddSingleton<ColumnRegistry>().AddSingleton<PersonalData>().AddSingleton<Erasing>()
        .AddSingleton(new SealedColumn("kept_records", "id", "content_sealed", Erasing.ContentPlace))
        .AddSingleton(new RetentionRule("look_allowances", "look_allowances", "window_from <= @before") { Key = "person_id" })
        .AddSingleton(new RetentionRule("kept_records", "kept_records", "kept_until <= @before"));
}
