namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>A title as workers may read it.</summary>
internal static class VacancyTitles
{
    private const string Withheld = "该岗位暂不展示";

    /// <summary>What is being written anew, or was taken down, nobody has looked at or somebody should not.</summary>
    public static string ToWorkers(VacancyRow vacancy) => ToWorkers(vacancy.Title, vacancy.State);

    /// <inheritdoc cref="ToWorkers(VacancyRow)"/>
    public static string ToWorkers(string title, VacancyState state) =>
        state is VacancyState.Draft or VacancyState.AwaitingApproval or VacancyState.TakenDown ? Withheld : title;
}
