namespace WeChatUnion.WeChatStandIn;
internal static class X;
