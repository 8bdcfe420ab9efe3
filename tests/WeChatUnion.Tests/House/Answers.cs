using System.Text.Json;

namespace WeChatUnion.Tests.House;

/// <summary>What refusals carry beyond their code.</summary>
public static class Answers
{
    extension(Answer answer)
    {
        /// <summary>The fields that a refusal names, in JSON names; each has a Chinese sentence.</summary>
        public string[] WrongFields
        {
            get
            {
                var errors = answer.Body.GetProperty("errors").EnumerateObject().ToArray();
                Assert.All(errors, e => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", e.Value[0].GetString()));
                return [.. errors.Select(e => e.Name).Order()];
            }
        }

        /// <summary>What the record has become, for <c>changed_meanwhile</c>.</summary>
        public JsonElement Present => answer.Body.GetProperty("present");

        /// <summary>The mark of the next page, or null on the last.</summary>
        public string? Next => answer.Body.GetProperty("next").GetString();

        public string[] Ids => [.. answer.Items.Select(i => i.GetProperty("id").GetString()!)];
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).ToString();
}
